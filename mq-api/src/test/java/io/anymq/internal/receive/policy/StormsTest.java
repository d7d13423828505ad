package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.internal.support.CapturedLog;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.ParkedKeyStore;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What fails for each of many messages writes lines per second, not per message, and says how many it held back. */
class StormsTest extends OnManualBroker {
    private static final int MESSAGES = 300;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final FlowControl ROOM =
            FlowControl.builder().maxInFlight(MESSAGES).build();

    private final ScriptedStore store = new ScriptedStore(time);
    private final AtomicInteger failed = new AtomicInteger();

    private void putMany() {
        for (int i = 0; i < MESSAGES; i++) {
            put("k-" + i, "m" + i);
        }
    }

    private static void assertBounded(String log, String line, String heldBack) {
        long lines = log.lines().filter(each -> each.contains(line)).count();
        int held = Pattern.compile(" (\\d+) more " + Pattern.quote(heldBack))
                .matcher(log)
                .results()
                .mapToInt(report -> Integer.parseInt(report.group(1)))
                .sum();
        assertThat(lines).as(log).isBetween(1L, MESSAGES / 2L);
        assertThat(held).as(log).isPositive();
    }

    private void rejectsAt(String refused) {
        broker.onSend = (address, message) -> {
            if (address.equals(refused)) {
                message.rejected(ManualBroker.down());
                failed.incrementAndGet();
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
    }

    @Test
    void aStoreThatIsDown() {
        store.down("claim", new IllegalStateException("down"));
        putMany();
        String log = CapturedLog.of(() -> {
            consumer(ORDERS)
                    .flow(ROOM)
                    .idempotency(IdempotencyPolicy.builder(store).build())
                    .start(this::note);
            advancingUntil(() -> store.refused.get() >= 2 * MESSAGES);
            time.advance(SECOND);
        });
        assertBounded(log, "The idempotency store could not claim", "calls of the idempotency store failed");
    }

    @Test
    void aDeadLetterQueueThatTakesNothing() {
        rejectsAt(AT_DEAD);
        putMany();
        String log = CapturedLog.of(() -> {
            consumer(ORDERS).flow(ROOM).retry(RetryPolicy.never()).start(delivery -> {
                throw new IllegalStateException("always");
            });
            advancingUntil(() -> failed.get() >= 2 * MESSAGES);
            time.advance(SECOND);
        });
        assertThat(log.lines().filter(line -> line.contains("Could not publish")))
                .as("a reminder from time to time")
                .hasSizeBetween(1, MESSAGES / 10);
    }

    @Test
    void aDeadLetterQueueThatIsGone() {
        AtomicBoolean isThere = new AtomicBoolean();
        broker.onSend = (address, message) -> {
            if (isThere.get()) {
                broker.storeAndConfirm(address, message);
            } else {
                message.rejected(new MessagingException(ErrorCode.NOT_FOUND, "no such queue"));
                failed.incrementAndGet();
            }
        };
        putMany();
        String log = CapturedLog.of(() -> {
            Consumer consumer = consumer(ORDERS)
                    .flow(ROOM)
                    .retry(RetryPolicy.never())
                    .start(delivery -> {
                        throw new IllegalStateException("always");
                    });
            eventually(() -> failed.get() >= MESSAGES);
            isThere.set(true);
            advancingUntil(() -> broker.ids(AT_DEAD).size() == MESSAGES);
            settledAll(consumer);
            time.advance(SECOND);
        });
        assertBounded(log, "was gone and has been created again", "messages found their dead-letter queue gone");
    }

    @Test
    void aStoreOfParkedKeysThatIsDown() {
        ParkedKeyStore down = new ParkedKeyStore() {
            @Override
            public Map<String, String> parked(String source) {
                return Map.of();
            }

            @Override
            public void park(String source, String key, String mark) {
                failed.incrementAndGet();
                throw new IllegalStateException("down");
            }

            @Override
            public void resume(String source, String key) {}
        };
        putMany();
        String log = CapturedLog.of(() -> {
            consumer(ORDERS)
                    .flow(ROOM)
                    .retry(RetryPolicy.never())
                    .deadLetter(DeadLetterPolicy.builder()
                            .then(DeadLetterPolicy.Then.PARK_KEY)
                            .parkedKeys(down)
                            .build())
                    .start(delivery -> {
                        throw new IllegalStateException("always");
                    });
            advancingUntil(() -> failed.get() >= 2 * MESSAGES);
            time.advance(SECOND);
        });
        assertBounded(log, "The parked-key store could not", "calls of the parked-key store failed");
    }

    @Test
    void retriesThatTheBrokerDoesNotTake() {
        broker.with(Capability.DELAY, Support.NATIVE);
        putMany();
        rejectsAt(AT_ORDERS);
        RetryPolicy once = RetryPolicy.fixed(2, Duration.ofHours(1)).toBuilder()
                .inPlaceLimit(Duration.ZERO)
                .build();
        String log = CapturedLog.of(() -> {
            consumer(ORDERS.unordered()).flow(ROOM).retry(once).start(delivery -> {
                throw new IllegalStateException("always");
            });
            eventually(() -> failed.get() == MESSAGES);
            time.advance(SECOND);
        });
        assertBounded(log, "Could not schedule the retry", "retries could not be scheduled");
    }

    @Test
    void delaysThatTheBrokerDoesNotTake() {
        broker.with(Capability.DELAY, Support.EMULATED);
        Queue later = ORDERS.unordered();
        try (Producer<String> producer = client().producer(later, String.class)) {
            for (int i = 0; i < MESSAGES; i++) {
                producer.send(Message.of("m").withDelay(Duration.ofDays(1))).join();
            }
        }
        rejectsAt(AT_REDELIVERY);
        String log = CapturedLog.of(() -> {
            consumer(later).flow(ROOM).start(this::note);
            advancingUntil(() -> failed.get() >= 2 * MESSAGES);
            time.advance(SECOND);
        });
        assertBounded(log, "Could not delay", "messages could not be delayed");
    }

    @Test
    void anInterceptorThatFailsAfterEachSend() {
        Interceptor failing = new Interceptor() {
            @Override
            public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                next.send(message);
                throw new IllegalStateException("too late");
            }
        };
        String log = CapturedLog.of(() -> {
            try (MessagingClient intercepted = MessagingClient.builder()
                            .adapter(broker)
                            .url("manual:")
                            .timeSource(time)
                            .interceptor(failing)
                            .open();
                    Producer<String> producer = intercepted.producer(ORDERS, String.class)) {
                for (int i = 0; i < MESSAGES; i++) {
                    producer.send("m").join();
                }
                time.advance(SECOND);
            }
        });
        assertBounded(log, "failed after passing a message on", "failures of interceptors");
    }
}
