package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.SendException;
import io.anymq.internal.UserCode.Outcome;
import io.anymq.internal.UserCode.Place;
import io.anymq.internal.UserCode.Thrown;
import io.anymq.internal.UserCode.Word;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything an application plugs in, times everything it can throw: the outcome is the same for all of it. Whatever
 * the outcome, other messages are handled, health is UP again, and nothing stays in flight.
 */
class ThrownByUserCodeTest extends OnManualBroker {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private @Nullable MessagingClient client;

    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (Place place : Place.values()) {
            for (Thrown thrown : Thrown.values()) {
                // the JDK's own stages do not end with an exception that has no text
                boolean neverEnds = place == Place.STAGE && thrown == Thrown.UNPRINTABLE;
                if (!neverEnds && (thrown != Thrown.NULL || place.returnsSomething)) {
                    cells.add(Arguments.of(place, thrown, place.outcome));
                }
            }
        }
        return cells.stream();
    }

    @AfterEach
    void close() {
        mayEnd.countDown();
        MessagingClient open = client;
        if (open != null) {
            open.close();
        }
        threads.shutdownNow();
    }

    /** Throws as code in Kotlin would. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("cells")
    void aCell(Place where, Thrown what, Outcome outcome) throws Exception {
        UserCode code = new UserCode(where, what);
        open(code);
        Producer<Object> producer = client.producer(ORDERS, Object.class);
        int failures = where.keepsFailing() ? Integer.MAX_VALUE : 1;
        if (where.isOnTheWayOut()) {
            code.failNext(failures);
        }
        var send = producer.send(Message.<Object>of(new Word("m1")).withId("m1").withKey("one"));
        code.failNext(0);
        producer.send(Message.<Object>of(new Word("m2")).withId("m2").withKey("two"))
                .join();
        boolean sent = outcome != Outcome.NOT_ENCODED && outcome != Outcome.REFUSED;
        if (sent) {
            send.join();
        } else {
            assertThatThrownBy(send::join).cause().isInstanceOfSatisfying(SendException.class, e -> {
                assertThat(e.outcome()).isEqualTo(SendException.Outcome.REJECTED);
                assertThat(e.code())
                        .isEqualTo(outcome == Outcome.NOT_ENCODED ? ErrorCode.ENCODING : ErrorCode.INVALID_MESSAGE);
            });
        }
        assertThat(producer.inFlight()).isZero();

        if (!where.isOnTheWayOut()) {
            code.failNext(failures);
        }
        Consumer consumer = start(code, where);
        if (outcome == Outcome.WAITS) {
            String name = what == Thrown.NULL
                    ? "NullPointerException"
                    : what.made.get().getClass().getSimpleName();
            advancingUntil(() -> consumer.health().status() == Health.Status.DEGRADED
                    && consumer.health().detail().contains(name));
            assertThat(broker.ids(AT_DEAD)).isEmpty();
            code.failNext(0);
            mayEnd.countDown();
        }
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty() && consumer.inFlight() == 0);
        code.failNext(0);

        List<String> dead = broker.ids(AT_DEAD);
        switch (outcome) {
            case UNDECODABLE, PERMANENT -> {
                assertThat(dead).hasSize(1);
                assertThat(broker.at(AT_DEAD).get(0).headers()).containsEntry("mq-dead-reason", outcome.name());
                assertThat(handled).hasSize(1);
            }
            case RETRIED -> {
                assertThat(dead).isEmpty();
                assertThat(handled).hasSize(2).anyMatch(note -> note.endsWith("#2"));
            }
            case WAITS, IGNORED -> {
                assertThat(dead).isEmpty();
                assertThat(handled).containsExactlyInAnyOrder("m1#1", "m2#1");
            }
            case NOT_ENCODED, REFUSED -> assertThat(handled).containsExactly("m2#1");
        }
        advancingUntil(() -> consumer.health().status() == Health.Status.UP);

        // every slot is free again
        producer.resume();
        for (String id : List.of("n1", "n2", "n3")) {
            producer.send(Message.<Object>of(new Word(id)).withId(id).withKey(id))
                    .join();
        }
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty() && consumer.inFlight() == 0);
        assertThat(handled).contains("n1#1", "n2#1", "n3#1");
        closeSoon(consumer);
    }

    private void open(UserCode code) {
        client = code.plugInto(MessagingClient.builder().adapter(broker).url("manual:"), time, handled)
                .open();
    }

    private Consumer start(UserCode code, Place where) {
        IdempotencyPolicy once = IdempotencyPolicy.builder(code.store(time))
                .lease(Duration.ofSeconds(2))
                .build();
        ConsumerBuilder<Word> builder = client.consumer(ORDERS, Word.class)
                .concurrency(2)
                .drainTimeout(Duration.ofSeconds(10))
                .retry(RetryPolicy.builder()
                        .maxAttempts(3)
                        .initialDelay(STEP)
                        .maxDelay(STEP)
                        .multiplier(1)
                        .jitter(0.5)
                        .build())
                .idempotency(once, delivery -> code.fails(Place.KEY_FUNCTION) ? null : delivery.id());
        if (where == Place.EXECUTOR) {
            builder.executor(task -> {
                code.fails(Place.EXECUTOR);
                threads.execute(task);
            });
        }
        return switch (where) {
            case ASYNC_HANDLER ->
                builder.startAsync(
                        delivery -> code.fails(where) ? null : CompletableFuture.completedStage(done(delivery)));
            case STAGE ->
                builder.startAsync(delivery -> CompletableFuture.runAsync(() -> code.fails(where), threads)
                        .thenRun(() -> done(delivery)));
            case DONE_STAGE ->
                builder.startAsync(delivery -> {
                    try {
                        code.fails(where);
                    } catch (Throwable e) {
                        return CompletableFuture.failedFuture(e);
                    }
                    return CompletableFuture.completedStage(done(delivery));
                });
            case METHODS_OF_STAGE -> builder.startAsync(delivery -> code.stage(() -> done(delivery)));
            case BATCH_HANDLER ->
                builder.startBatch(1, deliveries -> {
                    code.fails(where);
                    deliveries.forEach(this::done);
                });
            default ->
                builder.start(delivery -> {
                    code.fails(Place.HANDLER);
                    if (where == Place.PROLONG) {
                        awaitLatch(mayEnd);
                    }
                    if ((where == Place.TIMER || where == Place.RANDOM)
                            && delivery.id().equals("m1")
                            && delivery.attempt() == 1) {
                        throw new IllegalStateException("so that it is retried");
                    }
                    done(delivery);
                });
        };
    }

    private @Nullable Void done(Delivery<?> delivery) {
        note(delivery);
        return null;
    }
}
