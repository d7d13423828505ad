package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.SendException;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Interceptors around sends and handlers, and the failures they may cause. */
class InterceptorsTest extends OnManualBrokerInRealTime {
    private static final Queue OUT = Queue.of("out");

    private final List<String> calls = new CopyOnWriteArrayList<>();

    private void put(String... ids) {
        for (String id : ids) {
            broker.put("queue orders", id, "k", Map.of());
        }
    }

    private void settledAll() {
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
    }

    /** Notes the kind and the size of every call of a handler, and how it ended. */
    private final class Notes implements Interceptor {
        @Override
        public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
            String kind = context.isBatch() ? "batch of " + context.deliveries().size() : "one";
            String name = (context.isAsync() ? "async " : "") + kind;
            try {
                return next.handle()
                        .whenComplete((nothing, failure) -> calls.add(name + (failure == null ? "" : " failed")));
            } catch (Exception e) {
                calls.add(name + " failed");
                throw e;
            }
        }
    }

    @Test
    void everySynchronousCallIsSurrounded() {
        put("m1");
        open(new Notes())
                .consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .start(delivery -> {
                    if (delivery.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                });
        settledAll();
        assertThat(calls).containsExactly("one failed", "one");
    }

    @Test
    void everyAsynchronousCallIsSurroundedUntilItsStageEnds() {
        put("m1");
        open(new Notes())
                .consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .startAsync(delivery -> CompletableFuture.runAsync(() -> {
                    if (delivery.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                }));
        settledAll();
        await().atMost(SOON).until(() -> calls.size() == 2);
        assertThat(calls).containsExactly("async one failed", "async one");
    }

    @Test
    void aBatchIsSurroundedOnceAndEachOfItsMessagesWhenItIsRepeated() {
        put("m1", "m2", "m3");
        open(new Notes()).consumer(ORDERS, String.class).concurrency(1).startBatch(10, deliveries -> {
            if (deliveries.size() > 1) {
                throw new IllegalStateException("not together");
            }
        });
        settledAll();
        assertThat(calls).filteredOn(call -> call.equals("batch of 1")).hasSize(3);
        assertThat(calls).filteredOn(call -> !call.equals("batch of 1")).allMatch(call -> call.endsWith(" failed"));
    }

    @Test
    void whatIsThrownAfterTheHandlerFailsTheAttemptAndItsOutputsAreNotSent() {
        put("m1");
        AtomicInteger attempts = new AtomicInteger();
        open(new Interceptor() {
                    @Override
                    public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
                        CompletionStage<?> handled = next.handle();
                        if (attempts.incrementAndGet() == 1) {
                            throw new IOException("cannot commit");
                        }
                        return handled;
                    }
                })
                .consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .start(delivery -> delivery.publish(OUT, Message.of("out").withId("out-" + delivery.attempt())));
        settledAll();
        assertThat(broker.ids("queue out")).containsExactly("out-2");
    }

    /** Does one thing wrong. */
    private final class Wrong implements Interceptor {
        @Override
        @SuppressWarnings("NullAway") // on purpose
        public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) throws Exception {
            switch (String.valueOf(message.body())) {
                case "null" -> next.send(null);
                case "nothing" -> {}
                case "error" -> throw new AssertionError("an interceptor's own defect");
                case "checked" -> throw new IOException("refused");
                case "twice" -> {
                    next.send(message);
                    assertThatThrownBy(() -> next.send(message)).isInstanceOf(IllegalStateException.class);
                    calls.add("refused the second");
                }
                case "late" -> {
                    next.send(message);
                    throw new AssertionError("too late to refuse");
                }
                default -> next.send(message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "nothing", "error", "checked"})
    void aSendThatAnInterceptorDoesNotPassOnIsRejectedAndNamesIt(String mistake) {
        Producer<String> producer = open(new Wrong()).producer(ORDERS, String.class);
        assertThatThrownBy(producer.send(mistake)::join).cause().isInstanceOfSatisfying(SendException.class, e -> {
            assertThat(e.outcome()).isEqualTo(SendException.Outcome.REJECTED);
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
            assertThat(e).hasMessageContaining(Wrong.class.getName());
        });
        assertThat(broker.ids("queue orders")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"twice", "late"})
    void afterAMessageWasPassedOnNothingChangesItsOutcome(String mistake) {
        Producer<String> producer = open(new Wrong()).producer(ORDERS, String.class);
        producer.send(mistake).join();
        assertThat(broker.ids("queue orders")).hasSize(1);
        assertThat(calls).hasSize(mistake.equals("twice") ? 1 : 0);
    }

    @Test
    void interceptorsSeeTheEndOfEveryAttemptTheySawBeginAlsoInAFailedBatch() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        open(new Interceptor() {
            @Override
            public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
                begun.addAndGet(context.deliveries().size());
                try {
                    return next.handle();
                } finally {
                    ended.addAndGet(context.deliveries().size());
                }
            }
        });
        for (int i = 1; i <= 4; i++) {
            send("m" + i, "k");
        }
        client.consumer(ORDERS, String.class).concurrency(1).startBatch(10, deliveries -> {
            if (deliveries.size() > 1) {
                throw new IllegalStateException("not together");
            }
            handled.add(deliveries.get(0).id());
        });
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty());
        assertThat(handled).containsExactly("m1", "m2", "m3", "m4");
        assertThat(begun.get()).isGreaterThan(4);
        assertThat(ended).hasValue(begun.get());
    }

    @Test
    void anInterceptorMayChangeTheId() {
        open(new Interceptor() {
            @Override
            public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                next.send(message.withId("changed"));
            }
        });
        send("m1", null);
        assertThat(broker.ids("queue orders")).containsExactly("changed");
    }
}
