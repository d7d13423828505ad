package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** LIF: closes whose time-out passes while handlers run. */
final class ForcedCloseRules {
    private static final Duration BRIEFLY = Duration.ofMillis(200);

    @Rule(
            id = "LIF-9",
            history = HistoryScope.TO_THE_END,
            check =
                    "whether close() of a receiver with unsettled messages is quick and gives them back, with the attempts"
                            + " that attempts() said last")
    void closeIsBounded(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch never = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> t.pass(never));
        Consumer consumer = t.openClient().consumer(queue, String.class).start(recorder);
        t.send(queue, Messages.keyed("k", "stuck").withId("stuck"), Messages.keyed("k", "behind"));
        t.awaitCount(recorder, 1);
        long start = System.nanoTime();
        consumer.close(Duration.ofMillis(200));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("time to close with a bound of 200 ms")
                .isLessThan(Duration.ofSeconds(8));
        t.await("the handler was interrupted", () -> recorder.running() == 0);
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.awaitCompleted(next, 2);
        assertThat(next.bodies()).containsExactly("stuck", "behind");
        assertThat(next.calls())
                .as("a forced close spends no attempt either")
                .allSatisfy(call -> assertThat(call.attempt()).isEqualTo(1));
    }

    @Rule(
            id = "LIF-17",
            check = "whether what attempts() said last holds also for a message that was handed out before")
    void forcedClosesSpendNoAttempt(TckContext t) throws Exception {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(
                queue,
                Message.of("slow").withKey("k").withId("slow"),
                Message.of("behind").withKey("k"));
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        int closes = RetryPolicy.DEFAULT.maxAttempts() + 1;
        for (int round = 0; round < closes; round++) {
            forcedClose(t, queue, attempts, round % 2 == 0);
        }
        assertThat(attempts)
                .as("the attempts that " + closes + " consumers saw, each of which was forced to end")
                .hasSize(closes)
                .containsOnly(1);
        t.held(queue.name() + "-dead", 0);
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.awaitCompleted(next, 2);
        assertThat(next.bodies()).containsExactly("slow", "behind");
        assertThat(next.calls()).allSatisfy(call -> assertThat(call.attempt()).isEqualTo(1));
    }

    /** The handler ends when it is interrupted, or its stage does not end at all. */
    private static void forcedClose(TckContext t, Queue queue, List<Integer> attempts, boolean interruptible) {
        int before = attempts.size();
        CountDownLatch never = t.gate();
        try (MessagingClient client = t.openClient()) {
            var builder = client.consumer(queue, String.class);
            Consumer consumer = interruptible
                    ? builder.start(delivery -> {
                        attempts.add(delivery.attempt());
                        t.pass(never);
                    })
                    : builder.startAsync(delivery -> {
                        attempts.add(delivery.attempt());
                        return new CompletableFuture<>();
                    });
            t.await("the handler runs", () -> attempts.size() > before);
            consumer.close(BRIEFLY);
        }
    }
}
