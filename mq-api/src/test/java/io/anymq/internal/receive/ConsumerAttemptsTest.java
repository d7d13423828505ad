package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When a message gets its attempts, and what comes after them. */
class ConsumerAttemptsTest extends OnManualBrokerInRealTime {
    @Test
    void stopLeavesTheMessageAndWhatIsBehindIt() {
        open();
        for (int i = 1; i <= 5; i++) {
            send("m" + i, "k");
        }
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.stop())
                .start(delivery -> {
                    handled.add(delivery.id());
                    throw new IllegalStateException("always");
                });
        await().atMost(SOON)
                .until(() ->
                        consumer.inFlight() == 0 && broker.ids("queue orders").size() == 5);
        consumer.close();
        assertThat(handled).containsOnly("m1");
        assertThat(broker.ids("queue orders")).containsExactly("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    void unparkingIsNotUndoneByAMessageThatWasOnItsWayToTheDeadLetter() {
        open();
        CopyOnWriteArrayList<OutboundMessage> withheld = new CopyOnWriteArrayList<>();
        broker.onSend = (address, message) -> {
            if (address.endsWith("-dead") && message.id().equals("m2")) {
                withheld.add(message);
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.parkKey())
                .start(delivery -> {
                    handled.add(delivery.id());
                    if (delivery.id().equals("m1")) {
                        throw new IllegalStateException("bad");
                    }
                });
        send("m1", "k");
        await().atMost(SOON).until(() -> consumer.parkedKeys().contains("k"));
        send("m2", "k");
        await().atMost(SOON).until(() -> !withheld.isEmpty());
        consumer.resumeKey("k");
        broker.storeAndConfirm("queue orders-dead", withheld.get(0));
        send("m3", "k");
        await().atMost(SOON).until(() -> handled.contains("m3"));
        assertThat(consumer.parkedKeys()).isEmpty();
        assertThat(broker.ids("queue orders-dead")).containsExactly("m1", "m2");
    }

    @Test
    void anInterruptionLeftBehindDoesNotReachTheNextMessage() {
        open();
        AtomicInteger interrupted = new AtomicInteger();
        client.consumer(ORDERS, String.class).concurrency(1).start(delivery -> {
            if (Thread.currentThread().isInterrupted()) {
                interrupted.incrementAndGet();
            }
            handled.add(delivery.id());
            Thread.currentThread().interrupt();
        });
        for (int i = 1; i <= 20; i++) {
            send("m" + i, "k");
        }
        await().atMost(SOON).until(() -> handled.size() == 20);
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void anUnboundedMaxElapsedIsNoDefect() {
        open();
        AtomicInteger attempts = new AtomicInteger();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(1)).toBuilder()
                        .maxElapsed(Duration.ofSeconds(Long.MAX_VALUE))
                        .build())
                .drainTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .start(delivery -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                });
        send("m1", null);
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
        assertThat(attempts).hasValue(3);
    }

    @Test
    void retriesCountForTheRateLimit() {
        open();
        ConcurrentLinkedQueue<Long> starts = new ConcurrentLinkedQueue<>();
        client.consumer(ORDERS, String.class)
                .flow(FlowControl.ofMaxPerSecond(20))
                .retry(RetryPolicy.fixed(4, Duration.ZERO))
                .start(delivery -> {
                    starts.add(System.nanoTime());
                    throw new IllegalStateException("always");
                });
        for (int i = 0; i < 4; i++) {
            send("m" + i, "k" + i);
        }
        await().atMost(SOON).until(() -> broker.ids("queue orders-dead").size() == 4);
        List<Long> times = List.copyOf(starts);
        assertThat(times).hasSize(16);
        // 16 starts at 20 a second, of which a tenth of a second's worth may be caught up
        assertThat(times.get(15) - times.get(0)).isGreaterThan(550_000_000L);
    }
}
