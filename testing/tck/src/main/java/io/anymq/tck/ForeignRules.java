package io.anymq.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** DLQ-22: messages that say more than AnyMQ has names for. */
final class ForeignRules {
    /** Long enough to go by way of the broker, which stores a copy. */
    private static final RetryPolicy BY_THE_BROKER = RetryPolicy.fixed(2, Duration.ofMillis(100)).toBuilder()
            .inPlaceLimit(Duration.ofMillis(50))
            .build();

    @Rule(
            id = "DLQ-22",
            check = "how keys and headers become text and bytes again, and what the sender keeps of received()")
    void whatOthersWroteStaysAsItIs(TckContext t) throws Exception {
        ForeignMessages foreign = t.harness()
                .foreign()
                .orElseThrow(() -> new NotApplicable("the harness knows no messages of other programs"));
        List<String> kinds = foreign.kinds();
        Queue queue = t.queue().unordered();
        Queue dead = Queue.of(queue.name() + "-dead");
        t.client().provision(queue);
        for (String kind : kinds) {
            foreign.store(queue.name(), kind);
        }
        RecordingHandler<byte[]> recorder = failing(t);
        Consumer consumer =
                t.client().consumer(queue, byte[].class).retry(BY_THE_BROKER).start(recorder);
        t.awaitCount(recorder, 2 * kinds.size());
        t.held(dead.name(), kinds.size());
        assertThat(foreign.held(dead.name())).as("dead letters as they were").isEqualTo(each(kinds, 1));
        consumer.close();
        assertKeysAreApart(recorder);

        Map<String, Integer> onceMore = new HashMap<>();
        foreign.held(queue.name()).forEach((kind, held) -> onceMore.put(kind, held + 1));
        assertThat(onceMore).containsOnlyKeys(kinds);
        RedriveReport report = t.get(t.client()
                .redrive(
                        dead,
                        RedriveOptions.builder().idle(t.patience().dividedBy(4)).build()));
        assertThat(report.failures()).isEmpty();
        assertThat(report.redriven()).as("redriven").isEqualTo(kinds.size());
        t.awaitAsserted(() ->
                assertThat(foreign.held(queue.name())).as("back as they were").isEqualTo(onceMore));
    }

    private static RecordingHandler<byte[]> failing(TckContext t) {
        return t.<byte[]>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
    }

    private static Map<String, Integer> each(List<String> kinds, int count) {
        Map<String, Integer> all = new HashMap<>();
        kinds.forEach(kind -> all.put(kind, count));
        return all;
    }

    /** No two kinds have the same key. */
    private static void assertKeysAreApart(RecordingHandler<byte[]> recorder) {
        Map<String, Set<String>> kindsOfKeys = new HashMap<>();
        recorder.calls().forEach(call -> {
            if (call.key() != null) {
                kindsOfKeys.computeIfAbsent(call.key(), key -> new HashSet<>()).add(new String(call.body(), UTF_8));
            }
        });
        assertThat(kindsOfKeys.values())
                .as("messages of one key")
                .allSatisfy(kinds -> assertThat(kinds).hasSize(1));
    }
}
