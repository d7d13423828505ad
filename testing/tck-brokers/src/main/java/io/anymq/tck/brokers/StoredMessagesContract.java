package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of whatever lies in a queue. Messages of every kind that the vendor's clients can make end as the broker's
 * page says. And stored messages are mutated: each of them is handled or becomes a dead letter, while the good ones
 * between them are handled as they were sent, and nothing is disturbed. An adapter's {@code XStoredMessagesIT} extends it
 * and says how its broker's messages are read, changed and stored.
 *
 * <p>{@code -Dmutation.count=10000} mutates more messages than the 500 of every build; {@code -Dmutation.seed=7} mutates
 * others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StoredMessagesContract {
    /** The header with the number of a mutated message. */
    public static final String NUMBER = "mutation";

    private static final String BEGIN =
            "<!-- Every kind that StoredMessagesContract tries; it fails when this differs. -->\n";
    private static final String END = "<!-- end -->";

    /** For each broker. */
    private static final int LEAST_KINDS = 30;

    private static final int COUNT = Integer.getInteger("mutation.count", 500);
    private static final long SEED = Long.getLong("mutation.seed", 1);

    /** For subclasses. */
    protected StoredMessagesContract() {}

    /** All brokers to try; at least one. */
    protected abstract List<BrokerKind> kinds();

    /** Further configuration keys of the client under test; none by default. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** How messages are changed. */
    protected abstract MutableMessages<?> messages(LocalBroker broker) throws Exception;

    /** Messages of other programs, which are mutated, too. */
    protected abstract ForeignMessages foreign(LocalBroker broker) throws Exception;

    /** Messages that cannot be decoded, which are mutated, too; none by default. */
    protected Optional<MalformedMessages> malformed(LocalBroker broker) throws Exception {
        return Optional.empty();
    }

    /** The page of {@code docs/brokers} with the table of kinds, such as {@code kafka.md}. */
    protected abstract String page();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    final void everyKindEndsAsThePageSays() throws Exception {
        Map<String, KindOutcomes> columns = new LinkedHashMap<>();
        for (BrokerKind kind : kinds()) {
            LocalBroker broker = SharedBrokers.of(kind);
            columns.put(
                    kind == BrokerKind.ACTIVEMQ ? "classic" : kind.scheme(),
                    KindOutcomes.of(broker.url(), settings(), foreign(broker), malformed(broker)));
        }
        Path page = Path.of("..", "docs", "brokers", page());
        String text = Files.readString(page);
        assertThat(text).as("%s", page).contains(BEGIN);
        String from = text.substring(text.indexOf(BEGIN) + BEGIN.length());
        assertThat(from.substring(0, Math.max(0, from.indexOf(END))))
                .as("the table in %s; look at what has changed, then put the right one there", page)
                .isEqualTo(KindOutcomes.table(columns));
        assertThat(columns.values())
                .allSatisfy(column -> assertThat(column.size()).isGreaterThanOrEqualTo(LEAST_KINDS));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    final void whateverIsStoredDisturbsNothing(BrokerKind kind) throws Exception {
        LocalBroker broker = SharedBrokers.of(kind);
        try (MutableMessages<?> messages = messages(broker)) {
            whateverIsStoredDisturbsNothing(broker, messages);
        }
    }

    private <M> void whateverIsStoredDisturbsNothing(LocalBroker broker, MutableMessages<M> messages) throws Exception {
        String name = broker.kind().scheme() + " with -Dmutation.seed=" + SEED;
        try (MutationRun<M> run = new MutationRun<>(name, broker.url(), settings(), messages)) {
            run.collect(foreign(broker), malformed(broker));
            run.store(COUNT, SEED);
            run.check();
        }
    }
}
