package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.policy.FlowControl;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many messages a consumer takes: running ones, waiting ones, and those behind a retry of their key. */
class IntakeTest extends OnManualBroker {
    private static final RetryPolicy MINUTES_APART = RetryPolicy.fixed(1_000, Duration.ofMinutes(1));

    private final AtomicBoolean failing = new AtomicBoolean(true);
    private final AtomicInteger done = new AtomicInteger();

    private Consumer failing(String bad, FlowControl flow) {
        return consumer(ORDERS).concurrency(1).flow(flow).retry(MINUTES_APART).start(delivery -> {
            if (failing.get() && bad.equals(delivery.key())) {
                throw new IllegalStateException("not yet");
            }
            note(delivery);
            done.incrementAndGet();
        });
    }

    private void putMany(String key, int count) {
        for (int i = 0; i < count; i++) {
            put(key, key + i);
        }
    }

    /** Two keys of different streams. */
    private String[] keysOfTwoLanes() {
        broker.streams = 2;
        assertThat("a".hashCode() % 2).isNotEqualTo("b".hashCode() % 2);
        return new String[] {"a", "b"};
    }

    @Test
    void slowHandlersHaveFewMessages() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        for (int i = 0; i < 100; i++) {
            put("k" + i, "m" + i);
        }
        Consumer consumer = consumer(ORDERS).concurrency(4).start(delivery -> awaitLatch(mayEnd));
        eventually(() -> consumer.inFlight() == 32);
        int before = broker.polls(AT_ORDERS).size();
        eventually(() -> broker.polls(AT_ORDERS).size() >= before + 2);
        assertThat(consumer.inFlight()).isEqualTo(32);
        mayEnd.countDown();
        settledAll(consumer);
    }

    @Test
    void messagesThatWaitForTheirNextAttemptLeaveTheirPlaceToOthers() {
        for (int i = 0; i < 100; i++) {
            put("bad" + i, "bad" + i);
        }
        put("good", "good");
        Consumer consumer = consumer(ORDERS).concurrency(1).retry(MINUTES_APART).start(delivery -> {
            if (failing.get() && delivery.id().startsWith("bad")) {
                throw new IllegalStateException("not yet");
            }
            note(delivery);
        });
        eventually(() -> handled.contains("good#1"));
        assertThat(consumer.inFlight()).isGreaterThanOrEqualTo(100);
        failing.set(false);
        advancingUntil(Duration.ofMinutes(1), () -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
    }

    @Test
    void messagesBehindABusyOneOfTheirKeyLeaveTheirPlaceToOthers() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        putMany("busy", 100);
        putMany("other", 10);
        Consumer consumer = consumer(ORDERS).concurrency(2).start(delivery -> {
            if ("busy".equals(delivery.key())) {
                awaitLatch(mayEnd);
            }
            done.incrementAndGet();
        });
        eventually(() -> done.get() == 10);
        mayEnd.countDown();
        eventually(() -> done.get() == 110);
        settledAll(consumer);
    }

    @Test
    void messagesBehindARetryOfTheirKeyAreApart() {
        putMany("hot", 50);
        putMany("cool", 20);
        Consumer consumer = failing("hot", FlowControl.ofMaxInFlight(10));
        eventually(() -> done.get() == 20);
        eventually(() -> consumer.inFlight() == 50);
        failing.set(false);
        advancingUntil(Duration.ofMinutes(1), () -> done.get() == 70);
        settledAll(consumer);
        assertThat(handled.stream().filter(id -> id.startsWith("hot")).toList())
                .isEqualTo(java.util.stream.IntStream.range(0, 50)
                        .mapToObj(i -> "hot" + i + (i == 0 ? "#2" : "#1"))
                        .toList());
    }

    @Test
    void aLaneWithTooManyOfThemIsPausedAndOthersContinue() {
        String[] keys = keysOfTwoLanes();
        putMany(keys[0], 100);
        Consumer consumer = failing(
                keys[0], FlowControl.builder().maxInFlight(10).maxBlocked(20).build());
        // four fifths of 20, and what was taken with the last of them
        eventually(() -> consumer.inFlight() > 16);
        lookedAround(AT_ORDERS);
        assertThat(consumer.inFlight()).isLessThanOrEqualTo(1 + 20 + 10);
        putMany(keys[1], 30);
        eventually(() -> done.get() == 30);
        assertThat(consumer.inFlight()).isLessThanOrEqualTo(1 + 20 + 10);
        failing.set(false);
        advancingUntil(Duration.ofMinutes(1), () -> done.get() == 130);
        settledAll(consumer);
    }

    @Test
    void withoutRoomForBlockedMessagesARetryPausesItsLane() {
        String[] keys = keysOfTwoLanes();
        putMany(keys[0], 100);
        Consumer consumer = failing(
                keys[0], FlowControl.builder().maxInFlight(10).maxBlocked(0).build());
        putMany(keys[1], 30);
        eventually(() -> done.get() == 30);
        lookedAround(AT_ORDERS);
        assertThat(consumer.inFlight()).isLessThanOrEqualTo(1 + 10);
        failing.set(false);
        advancingUntil(Duration.ofMinutes(1), () -> done.get() == 130);
        settledAll(consumer);
    }

    @Test
    void theirBytesAreBoundedToo() {
        String[] keys = keysOfTwoLanes();
        for (int i = 0; i < 50; i++) {
            putLarge(keys[0], "large" + i, 1_000);
        }
        Consumer consumer = failing(
                keys[0],
                FlowControl.builder().maxInFlight(10).maxBlockedBytes(10_000).build());
        putMany(keys[1], 30);
        eventually(() -> done.get() == 30);
        lookedAround(AT_ORDERS);
        assertThat(consumer.inFlight()).isLessThanOrEqualTo(1 + 10 + 10);
        failing.set(false);
        advancingUntil(Duration.ofMinutes(1), () -> done.get() == 80);
        settledAll(consumer);
    }

    @Test
    void largeMessagesAreFewer() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        Consumer consumer = consumer(ORDERS)
                .concurrency(1)
                .flow(FlowControl.builder().maxInFlightBytes(10_000).build())
                .start(delivery -> {
                    awaitLatch(mayEnd);
                    done.incrementAndGet();
                });
        putLarge("first", "first", 1_000);
        eventually(() -> consumer.inFlight() == 1);
        for (int i = 0; i < 50; i++) {
            putLarge("k" + i, "m" + i, 1_000);
        }
        eventually(() -> consumer.inFlight() == 7);
        lookedAround(AT_ORDERS);
        assertThat(consumer.inFlight()).isEqualTo(7);
        mayEnd.countDown();
        eventually(() -> done.get() == 51);
        settledAll(consumer);
    }

    @Test
    void oneMessageIsTakenWhateverItsSize() {
        for (int i = 0; i < 3; i++) {
            putLarge("k", "m" + i, 1_000);
        }
        Consumer consumer = consumer(ORDERS)
                .flow(FlowControl.builder().maxInFlightBytes(1).build())
                .start(delivery -> done.incrementAndGet());
        eventually(() -> done.get() == 3);
        settledAll(consumer);
    }

    @Test
    void oneBatchFitsAlways() {
        AtomicInteger largest = new AtomicInteger();
        CountDownLatch mayBegin = new CountDownLatch(1);
        for (int i = 0; i < 200; i++) {
            put(null, "m" + i);
        }
        Consumer consumer = consumer(ORDERS).concurrency(1).startBatch(100, deliveries -> {
            awaitLatch(mayBegin);
            largest.accumulateAndGet(deliveries.size(), Math::max);
        });
        eventually(() -> consumer.inFlight() == 200);
        mayBegin.countDown();
        settledAll(consumer);
        assertThat(largest.get()).isEqualTo(100);
    }

    private void putLarge(String key, String id, int size) {
        broker.store(AT_ORDERS, StoredMessage.text(id, key, "x".repeat(size), Map.of()));
    }
}
