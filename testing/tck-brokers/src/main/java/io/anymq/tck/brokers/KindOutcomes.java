package io.anymq.tck.brokers;

import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What becomes of stored messages of every kind, one after the other, with a consumer of bytes and one of text. */
final class KindOutcomes {
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** One of the two consumers. */
    private static final class Reader implements AutoCloseable, MessagingObserver {
        private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        private final Queue queue = Queue.of(SpiContext.uniqueName("kinds"));
        private final MessagingClient client;

        Reader(String url, Map<String, String> settings, Class<?> type) {
            MessagingClient.Builder builder =
                    MessagingClient.builder().set("anymq.url", url).observer(this);
            settings.forEach(builder::set);
            client = builder.open();
            client.provision(queue);
            client.consumer(queue, type).retry(RetryPolicy.never()).start(delivery -> {});
        }

        @Override
        public void attemptEnded(MessagingEvent.AttemptEnded event) {
            ended.add(event.failure() == null ? "handled" : "failed with " + event.failure());
        }

        @Override
        public void deadLettered(MessagingEvent.DeadLettered event) {
            ended.add("dead letter, " + event.reason());
        }

        String outcome() throws InterruptedException {
            String outcome = ended.poll(BOUND.toMillis(), TimeUnit.MILLISECONDS);
            return outcome == null ? "nothing within " + BOUND : outcome;
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** Stores one in a queue. */
    private interface Storing {
        void in(String queue) throws Exception;
    }

    /** Outcomes for bytes and for text. */
    record Outcomes(String bytes, String text) {}

    private final Map<String, Outcomes> outcomes = new LinkedHashMap<>();

    private KindOutcomes() {}

    static KindOutcomes of(
            String url, Map<String, String> settings, ForeignMessages foreign, Optional<MalformedMessages> malformed)
            throws Exception {
        KindOutcomes found = new KindOutcomes();
        try (Reader bytes = new Reader(url, settings, byte[].class);
                Reader text = new Reader(url, settings, String.class)) {
            for (String kind : foreign.kinds()) {
                found.put(kind, bytes, text, queue -> foreign.store(queue, kind));
            }
            if (malformed.isPresent()) {
                for (String kind : malformed.get().kinds()) {
                    found.put(kind, bytes, text, queue -> malformed.get().store(queue, kind, "k"));
                }
            }
        }
        return found;
    }

    private void put(String kind, Reader bytes, Reader text, Storing storing) throws Exception {
        storing.in(bytes.queue.name());
        storing.in(text.queue.name());
        outcomes.put(kind, new Outcomes(bytes.outcome(), text.outcome()));
    }

    int size() {
        return outcomes.size();
    }

    /** A table of Markdown; a kind that a broker does not take has a dash. */
    static String table(Map<String, KindOutcomes> columns) {
        StringBuilder table = new StringBuilder("| Stored message |");
        columns.keySet().forEach(name -> {
            String at = columns.size() == 1 ? "" : ", " + name;
            table.append(" `byte[]` consumer")
                    .append(at)
                    .append(" | `String` consumer")
                    .append(at)
                    .append(" |");
        });
        table.append("\n|---|").append("---|---|".repeat(columns.size())).append('\n');
        List<String> kinds = new ArrayList<>();
        columns.values()
                .forEach(column -> column.outcomes.keySet().forEach(kind -> {
                    if (!kinds.contains(kind)) {
                        kinds.add(kind);
                    }
                }));
        for (String kind : kinds) {
            table.append("| ")
                    .append(kind.replace("\n", "\\n").replace("|", "\\|"))
                    .append(" |");
            columns.values().forEach(column -> table.append(cells(column.outcomes.get(kind))));
            table.append('\n');
        }
        return table.toString();
    }

    private static String cells(@Nullable Outcomes of) {
        return of == null ? " – | – |" : " " + of.bytes + " | " + of.text + " |";
    }
}
