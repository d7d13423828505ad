package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.spi.WireHeaders;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** DLQ-20: messages that are broken as they are stored. */
final class MalformedRules {
    private static final String KEY = "k";

    /** How often a consumer was not well. */
    private static final class Troubles implements MessagingObserver {
        private final List<Health> seen = new CopyOnWriteArrayList<>();

        @Override
        public void consumerHealthChanged(MessagingEvent.HealthChanged event) {
            if (event.health().status() != Health.Status.UP) {
                seen.add(event.health());
            }
        }
    }

    @Rule(
            id = "DLQ-20",
            check = "whether each body is decoded by itself, when it is asked for, and what the sender does with"
                    + " storedAs()")
    void whatIsBrokenAsItIsStoredIsPutAside(TckContext t) throws Exception {
        MalformedMessages malformed = t.harness()
                .malformed()
                .orElseThrow(() -> new NotApplicable(
                        "the harness knows no message that this broker takes and no" + " client can decode"));
        List<String> kinds = malformed.kinds();
        Queue queue = t.queue();
        Queue dead = Queue.of(queue.name() + "-dead");
        Troubles troubles = new Troubles();
        MessagingClient client = t.openClient(builder -> builder.observer(troubles));
        client.provision(queue);
        List<String> good = new ArrayList<>();
        for (String kind : kinds) {
            malformed.store(queue.name(), kind, KEY);
            good.add("behind " + kind);
            t.send(queue, Messages.keyed(KEY, "behind " + kind));
        }
        RecordingHandler<String> recorder = t.recorder();
        Consumer consumer = client.consumer(queue, String.class).start(recorder);
        t.awaitCompleted(recorder, kinds.size());
        assertThat(Order.firsts(recorder.bodies())).isEqualTo(good);
        assertPutAside(malformed, t.held(dead.name(), kinds.size()));
        assertThat(troubles.seen).as("what disturbed the consumer").isEmpty();
        consumer.close();

        Map<String, Integer> onceMore = new HashMap<>();
        malformed.held(queue.name()).forEach((kind, held) -> onceMore.put(kind, held + 1));
        assertThat(onceMore).containsOnlyKeys(kinds);
        RedriveReport report = t.get(client.redrive(
                dead, RedriveOptions.builder().idle(t.patience().dividedBy(4)).build()));
        assertThat(report.failures()).isEmpty();
        assertThat(report.redriven()).as("redriven").isEqualTo(kinds.size());
        t.awaitAsserted(() ->
                assertThat(malformed.held(queue.name())).as("stored as before").isEqualTo(onceMore));
        client.consumer(queue, String.class).start(recorder);
        assertPutAside(malformed, t.held(dead.name(), kinds.size(), kinds.size()));
    }

    /** One letter for each kind, with the bytes of the broker. */
    private static void assertPutAside(MalformedMessages malformed, List<PlainMessage> letters) {
        List<String> bodies =
                letters.stream().map(letter -> text(letter.body())).toList();
        for (String kind : malformed.kinds()) {
            assertThat(bodies).as("bytes of the dead letter of: %s", kind).containsOnlyOnce(text(malformed.body(kind)));
        }
        assertThat(letters)
                .allSatisfy(letter -> assertThat(letter.headers())
                        .containsEntry(WireHeaders.DEAD_REASON, "UNDECODABLE")
                        .containsEntry(WireHeaders.DEAD_ATTEMPTS, "0")
                        .containsKey(WireHeaders.DEAD_STORED_AS));
    }

    private static String text(byte[] bytes) {
        String all = Base64.getEncoder().encodeToString(bytes);
        return all.length() <= 2_000 ? all : all.substring(0, 1_000) + "…" + all.length() + "#" + all.hashCode();
    }
}
