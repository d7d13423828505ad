package io.anymq.internal.support;

import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Another consumer of a client, whose retries show that the client's timers and threads still work. */
public final class RetryingConsumer {
    private RetryingConsumer() {}

    /** Gives it a message whose third attempt succeeds, and waits for that. */
    public static void mustSucceed(MessagingClient client, ManualBroker broker, Duration within) {
        AtomicInteger attempts = new AtomicInteger();
        broker.put("queue work", "w1", null, Map.of());
        client.consumer(Queue.of("work"), String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(10)))
                .start(delivery -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("again");
                    }
                });
        await().atMost(within).until(() -> attempts.get() == 3);
    }
}
