package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three kinds of handlers, and what they emit. */
class HandlerLayersTest extends OnManualBroker {
    private static final Queue OUT = Queue.of("out");
    private static final String AT_OUT = "queue out";

    @ParameterizedTest
    @ValueSource(strings = {"checked", "unchecked", "assertion", "overflow", "linkage"})
    void whateverAHandlerThrowsIsAFailedAttempt(String kind) {
        put("k", "m1", "m2");
        Consumer consumer = consumer(ORDERS).start(delivery -> {
            note(delivery);
            if (delivery.id().equals("m1") && delivery.attempt() == 1) {
                switch (kind) {
                    case "checked" -> throw new IOException("x");
                    case "unchecked" -> throw new IllegalStateException("x");
                    case "assertion" -> throw new AssertionError("x");
                    case "overflow" -> throw new StackOverflowError();
                    default -> throw new NoClassDefFoundError("x");
                }
            }
        });
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m2#1");
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }

    /** Runs handlers on the calling thread until {@code count} have been called; false if one was interrupted. */
    private boolean runHere(BlockingQueue<Runnable> workers, int count, AtomicInteger interrupted) throws Exception {
        try {
            while (handled.size() < count) {
                Runnable worker = workers.poll();
                if (worker != null) {
                    worker.run();
                }
            }
            return interrupted.get() == 0;
        } finally {
            boolean unused = Thread.interrupted();
        }
    }

    private void noteInterruption(Delivery<String> delivery, AtomicInteger interrupted) {
        if (Thread.currentThread().isInterrupted()) {
            interrupted.incrementAndGet();
        }
        note(delivery);
        Thread.currentThread().interrupt();
    }

    @Test
    @Timeout(30)
    void anInterruptionLeftBehindByAnAsynchronousHandlerDoesNotReachTheNextMessage() throws Exception {
        BlockingQueue<Runnable> workers = new LinkedBlockingQueue<>();
        AtomicInteger interrupted = new AtomicInteger();
        CompletableFuture<Void> stages = new CompletableFuture<>();
        put("a", "a1");
        put("b", "b1");
        put("c", "c1");
        Consumer consumer = consumer(ORDERS)
                .concurrency(3)
                .executor(workers::add)
                .startAsync(delivery -> {
                    noteInterruption(delivery, interrupted);
                    return stages;
                });
        assertThat(runHere(workers, 3, interrupted)).isTrue();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> stages.complete(null));
        while (!ended.isDone() || !broker.ids(AT_ORDERS).isEmpty()) {
            Runnable worker = workers.poll();
            if (worker != null) {
                worker.run();
            }
        }
        settledAll(consumer);
    }

    @Test
    @Timeout(30)
    void anInterruptionLeftBehindByABatchThatFailedDoesNotReachItsMessages() throws Exception {
        BlockingQueue<Runnable> workers = new LinkedBlockingQueue<>();
        AtomicInteger interrupted = new AtomicInteger();
        put("a", "a1", "a2");
        Consumer consumer = consumer(ORDERS).executor(workers::add).startBatch(2, deliveries -> {
            deliveries.forEach(delivery -> noteInterruption(delivery, interrupted));
            if (deliveries.size() > 1) {
                interrupted.set(0);
                throw new IllegalStateException("not together");
            }
        });
        assertThat(runHere(workers, 4, interrupted)).isTrue();
        assertThat(handled).containsExactly("a1#1", "a2#1", "a1#1", "a2#1");
        settledAll(consumer);
        // or the close would wait for them
        workers.forEach(Runnable::run);
    }

    @Test
    void anInterruptionLeftBehindByAKeyFunctionDoesNotReachTheHandler() {
        AtomicInteger interrupted = new AtomicInteger();
        put("a", "a1");
        Consumer consumer = consumer(ORDERS)
                .idempotency(IdempotencyPolicy.with(new InMemoryIdempotencyStore()), delivery -> {
                    Thread.currentThread().interrupt();
                    return delivery.id();
                })
                .start(delivery -> noteInterruption(delivery, interrupted));
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1");
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void anAsynchronousHandlerIsOverWhenItsStageIs() {
        Map<String, CompletableFuture<Void>> stages = new ConcurrentHashMap<>();
        put("a", "a1", "a2");
        put("b", "b1");
        Consumer consumer = consumer(ORDERS).concurrency(2).startAsync(delivery -> {
            note(delivery);
            return stages.computeIfAbsent(delivery.id() + delivery.attempt(), id -> new CompletableFuture<>());
        });
        eventually(() -> stages.size() == 2);
        lookedAround(AT_ORDERS);
        assertThat(handled).containsExactlyInAnyOrder("a1#1", "b1#1");
        assertThat(broker.ids(AT_ORDERS)).hasSize(3);
        stages.get("b11").complete(null);
        stages.get("a11").completeExceptionally(new IOException("not yet"));
        advancingUntil(() -> stages.containsKey("a12"));
        stages.get("a12").complete(null);
        eventually(() -> stages.containsKey("a21"));
        stages.get("a21").complete(null);
        settledAll(consumer);
        assertThat(handled)
                .containsExactlyInAnyOrder("a1#1", "b1#1", "a1#2", "a2#1")
                .endsWith("a1#2", "a2#1");
    }

    @Test
    void anUnfinishedStageCountsForTheConcurrency() {
        CompletableFuture<Void> unfinished = new CompletableFuture<>();
        put("a", "a1");
        put("b", "b1");
        Consumer consumer = consumer(ORDERS).concurrency(1).startAsync(delivery -> {
            note(delivery);
            return delivery.id().equals("a1") ? unfinished : CompletableFuture.completedFuture(null);
        });
        eventually(() -> handled.size() == 1);
        lookedAround(AT_ORDERS);
        assertThat(handled).containsExactly("a1#1");
        unfinished.complete(null);
        settledAll(consumer);
        assertThat(handled).containsExactly("a1#1", "b1#1");
    }

    @Test
    void anAsynchronousHandlerThatThrowsOrReturnsNothingHasFailed() {
        put("k", "m1");
        Consumer consumer = consumer(ORDERS).startAsync(delivery -> {
            note(delivery);
            return switch (delivery.attempt()) {
                case 1 -> throw new NoClassDefFoundError("x");
                case 2 -> nothing();
                default -> CompletableFuture.failedFuture(new IOException("x"));
            };
        });
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3");
        assertThat(broker.at(AT_DEAD).get(0).headers()).containsEntry("mq-dead-exception", "java.io.IOException");
    }

    @SuppressWarnings("NullAway") // what a user's handler may return
    private static CompletableFuture<Void> nothing() {
        return null;
    }

    @Test
    void aBatchIsFullAtItsMaximumAndKeepsTheOrderOfKeys() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        List<List<String>> batches = new CopyOnWriteArrayList<>();
        put("first", "m0");
        Consumer consumer = consumer(ORDERS).concurrency(1).startBatch(4, deliveries -> {
            batches.add(deliveries.stream().map(Delivery::id).toList());
            begun.countDown();
            awaitLatch(mayEnd);
        });
        awaitLatch(begun);
        for (int i = 1; i <= 10; i++) {
            put("k" + i % 2, "m" + i);
        }
        eventually(() -> consumer.inFlight() == 11);
        mayEnd.countDown();
        settledAll(consumer);
        assertThat(batches).allSatisfy(batch -> assertThat(batch.size()).isBetween(1, 4));
        assertThat(batches)
                .as("it gathers what is ready")
                .anySatisfy(batch -> assertThat(batch).hasSize(4));
        List<String> all = batches.stream().flatMap(List::stream).toList();
        assertThat(all).hasSize(11);
        assertThat(all.stream().filter(id -> number(id) % 2 == 0 && number(id) > 0))
                .containsExactly("m2", "m4", "m6", "m8", "m10");
        assertThat(all.stream().filter(id -> number(id) % 2 == 1)).containsExactly("m1", "m3", "m5", "m7", "m9");
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }

    @Test
    void aFailedBatchIsRepeatedOneByOneInOrderAndSpendsNoAttempt() {
        put("k", "m1", "m2", "m3");
        Consumer consumer = consumer(ORDERS).concurrency(1).startBatch(10, deliveries -> {
            if (deliveries.size() > 1) {
                deliveries.get(0).publish(OUT, Message.of("dropped").withId("dropped"));
                throw new IllegalStateException("not together");
            }
            Delivery<String> only = deliveries.get(0);
            note(only);
            only.publish(OUT, Message.of("kept").withId("of-" + only.id()));
        });
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m2#1", "m3#1");
        assertThat(broker.ids(AT_OUT)).containsExactly("of-m1", "of-m2", "of-m3");
    }

    @Test
    void whatAHandlerEmitsIsConfirmedBeforeItsInputIsSettled() {
        CopyOnWriteArrayList<io.anymq.spi.OutboundMessage> outputs = new CopyOnWriteArrayList<>();
        broker.onSend = (address, message) -> outputs.add(message);
        put("k", "m1");
        Consumer consumer = consumer(ORDERS).start(delivery -> {
            note(delivery);
            delivery.publish(OUT, "one");
            delivery.publish(OUT, "two");
        });
        eventually(() -> outputs.size() == 2);
        outputs.get(1).confirmed(null);
        lookedAround(AT_ORDERS);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1");
        broker.onSend = broker::storeAndConfirm;
        outputs.get(0).rejected(ManualBroker.down());
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2");
        assertThat(broker.ids(AT_OUT))
                .as("the ids of the first attempt")
                .containsExactly(output("m1", 1), output("m1", 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOutputToWhatCannotBeOpenedFailsTheAttempt(boolean inOneTransaction) {
        if (inOneTransaction) {
            broker.onCommit = broker::commit;
        }
        broker.onOpenSender = address -> {
            if (address.toString().equals(AT_OUT)) {
                throw ManualBroker.down();
            }
        };
        put("k", "m1", "m2");
        Consumer consumer = consumer(ORDERS).start(delivery -> {
            note(delivery);
            delivery.publish(OUT, "one");
        });
        advancingUntil(() -> handled.contains("m1#2"));
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m2");
        broker.onOpenSender = address -> {};
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3", "m2#1");
        assertThat(broker.ids(AT_OUT)).containsExactly(output("m1", 1), output("m2", 1));
    }

    @Test
    void theOutputsOfAFailedAttemptAreNotSent() {
        put("k", "m1");
        Consumer consumer = consumer(ORDERS).start(delivery -> {
            delivery.publish(OUT, Message.of("attempt " + delivery.attempt()).withId("out-" + delivery.attempt()));
            if (delivery.attempt() < 3) {
                throw new IllegalStateException("after it was published");
            }
        });
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(broker.ids(AT_OUT)).containsExactly("out-3");
    }

    @Test
    void whatIsEmittedAfterTheHandlerIsRefused() {
        AtomicReference<Delivery<String>> kept = new AtomicReference<>();
        put("k", "m1");
        Consumer consumer = consumer(ORDERS).start(kept::set);
        settledAll(consumer);
        assertThatThrownBy(() -> kept.get().publish(OUT, "late"))
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }
}
