package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.internal.support.OnManualBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Messages that wait for others. */
class OrderingLayerTest extends OnManualBroker {
    @Test
    void messagesOfAKeyComeOneAfterAnotherInTheirOrder() {
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger overlaps = new AtomicInteger();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            put("k" + i % 3, "m" + i);
            expected.add("m" + i);
        }
        Consumer consumer = consumer(ORDERS).concurrency(8).start(delivery -> {
            AtomicInteger ofKey = running.computeIfAbsent(delivery.key(), key -> new AtomicInteger());
            if (ofKey.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            handled.add(delivery.id());
            LockSupport.parkNanos(1);
            ofKey.decrementAndGet();
        });
        settledAll(consumer);
        assertThat(overlaps).hasValue(0);
        for (int k = 0; k < 3; k++) {
            int key = k;
            assertThat(handled.stream().filter(id -> number(id) % 3 == key))
                    .containsExactlyElementsOf(expected.stream()
                            .filter(id -> number(id) % 3 == key)
                            .toList());
        }
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }

    @Test
    void differentKeysAndMessagesWithoutKeyRunSideBySide() {
        put("a", "m1");
        put("b", "m2");
        put(null, "m3", "m4");
        CyclicBarrier together = new CyclicBarrier(4);
        Consumer consumer = consumer(ORDERS).concurrency(4).start(delivery -> {
            together.await(SOON.toSeconds(), TimeUnit.SECONDS);
            note(delivery);
        });
        settledAll(consumer);
        assertThat(handled).containsExactlyInAnyOrder("m1#1", "m2#1", "m3#1", "m4#1");
    }

    @Test
    void withoutOrderOneKeyRunsBesideItself() {
        put("a", "m1", "m2");
        CyclicBarrier together = new CyclicBarrier(2);
        Consumer consumer =
                consumer(ORDERS.unordered()).start(delivery -> together.await(SOON.toSeconds(), TimeUnit.SECONDS));
        settledAll(consumer);
    }

    @Test
    void totalOrderRunsEverythingOneAfterAnother() {
        for (int i = 0; i < 20; i++) {
            put(i % 2 == 0 ? "k" + i : null, "m" + i);
        }
        AtomicInteger running = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        Consumer consumer = consumer(ORDERS.totalOrder()).concurrency(8).start(delivery -> {
            if (running.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            handled.add(delivery.id());
            LockSupport.parkNanos(1);
            running.decrementAndGet();
        });
        settledAll(consumer);
        assertThat(overlaps).hasValue(0);
        assertThat(handled).hasSize(20).isSortedAccordingTo((a, b) -> number(a) - number(b));
    }

    @Test
    void aKeyThatWaitsForItsRetryHoldsUpItselfOnly() {
        put("a", "a1", "a2");
        put("b", "b1");
        Consumer consumer = consumer(ORDERS).concurrency(1).start(delivery -> {
            note(delivery);
            if (delivery.id().equals("a1") && delivery.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
        });
        eventually(() -> broker.ids(AT_ORDERS).equals(List.of("a1", "a2")));
        assertThat(handled).containsExactly("a1#1", "b1#1");
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        assertThat(handled).containsExactly("a1#1", "b1#1", "a1#2", "a2#1");
        settledAll(consumer);
    }

    @Test
    void aCloseLetsEndWhatRunsAndLeavesWhatWaits() throws Exception {
        put("a", "a1", "a2");
        put("b", "b1");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Consumer consumer = consumer(ORDERS).concurrency(1).start(delivery -> {
            note(delivery);
            begun.countDown();
            awaitLatch(mayEnd);
        });
        awaitLatch(begun);
        eventually(() -> consumer.inFlight() == 3);
        CompletableFuture<Void> close = CompletableFuture.runAsync(consumer::close);
        eventually(() -> consumer.inFlight() == 1);
        mayEnd.countDown();
        close.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(handled).containsExactly("a1#1");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("a2", "b1");
    }
}
