package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Codec;
import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.Producer;
import io.anymq.SendException;
import io.anymq.TimeSource;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.Sneaky;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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
    /** What becomes of the message. */
    private enum Outcome {
        /** Its attempt fails, and the next one succeeds. */
        RETRIED,
        /** It waits without an attempt being spent, health is DEGRADED and says why; later it goes on. */
        WAITS,
        /** It goes to the dead-letter queue as UNDECODABLE. */
        UNDECODABLE,
        /** It goes to the dead-letter queue as PERMANENT. */
        PERMANENT,
        /** The send ends as REJECTED with ENCODING. */
        NOT_ENCODED,
        /** The send ends as REJECTED with INVALID_MESSAGE. */
        REFUSED,
        /** Nothing: it is handled in its first attempt. */
        IGNORED
    }

    /** Where user code is called. */
    private enum Place {
        HANDLER(Outcome.RETRIED),
        ASYNC_HANDLER(Outcome.RETRIED, true),
        STAGE(Outcome.RETRIED),
        DONE_STAGE(Outcome.RETRIED),
        METHODS_OF_STAGE(Outcome.RETRIED),
        BATCH_HANDLER(Outcome.RETRIED),
        AROUND_HANDLE(Outcome.RETRIED, true),
        AFTER_HANDLE(Outcome.RETRIED, true),
        TIMER(Outcome.RETRIED, true),
        RANDOM(Outcome.RETRIED),
        CLAIM(Outcome.WAITS, true),
        COMPLETE(Outcome.WAITS),
        PROLONG(Outcome.WAITS),
        EXECUTOR(Outcome.WAITS),
        DECODE(Outcome.UNDECODABLE, true),
        SUPPORTS_ON_THE_WAY_IN(Outcome.UNDECODABLE),
        KEY_FUNCTION(Outcome.PERMANENT, true),
        ENCODE(Outcome.NOT_ENCODED, true),
        SUPPORTS_ON_THE_WAY_OUT(Outcome.NOT_ENCODED),
        CONTENT_TYPE(Outcome.NOT_ENCODED, true),
        AROUND_SEND(Outcome.REFUSED),
        AFTER_SEND(Outcome.IGNORED),
        OBSERVER(Outcome.IGNORED),
        RELEASE(Outcome.IGNORED),
        CLOCK(Outcome.IGNORED);

        private final Outcome outcome;
        private final boolean returnsSomething;

        Place(Outcome outcome) {
            this(outcome, false);
        }

        Place(Outcome outcome, boolean returnsSomething) {
            this.outcome = outcome;
            this.returnsSomething = returnsSomething;
        }

        boolean isOnTheWayOut() {
            return outcome == Outcome.NOT_ENCODED || outcome == Outcome.REFUSED || this == AFTER_SEND;
        }

        /** Fails until it is well again; others fail once. */
        boolean keepsFailing() {
            return outcome == Outcome.WAITS || outcome == Outcome.IGNORED || this == TIMER || this == RANDOM;
        }
    }

    /** What it does instead of what it should. */
    private enum Thrown {
        CHECKED(() -> new IOException("on purpose")),
        UNCHECKED(() -> new IllegalStateException("on purpose")),
        REJECTED(() -> new RejectedExecutionException("on purpose")),
        OVERFLOW(StackOverflowError::new),
        MISSING_CLASS(() -> new NoClassDefFoundError("org/vendor/Part")),
        NO_MEMORY(() -> new OutOfMemoryError("unable to create native thread")),
        UNPRINTABLE(Unprintable::new),
        NULL(() -> new IllegalArgumentException("null is returned, not thrown"));

        @SuppressWarnings("ImmutableEnumChecker") // it makes a new one each time
        private final Supplier<Throwable> made;

        Thrown(Supplier<Throwable> made) {
            this.made = made;
        }
    }

    /** Cannot say what happened. */
    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }

    private record Word(String text) {}

    private final AtomicInteger failuresLeft = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private volatile @Nullable Place place;
    private volatile @Nullable Thrown thrown;
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

    /** User code at {@code here}: whether it misbehaves now by returning null; it throws otherwise. */
    private boolean fails(Place here) {
        Thrown what = thrown;
        if (here != place || what == null || failuresLeft.getAndUpdate(left -> left > 0 ? left - 1 : left) <= 0) {
            return false;
        }
        if (what == Thrown.NULL) {
            return true;
        }
        throw Sneaky.thrown(what.made.get());
    }

    /** Throws as code in Kotlin would. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("cells")
    void aCell(Place where, Thrown what, Outcome outcome) throws Exception {
        place = where;
        thrown = what;
        open();
        Producer<Object> producer = client.producer(ORDERS, Object.class);
        int failures = where.keepsFailing() ? Integer.MAX_VALUE : 1;
        if (where.isOnTheWayOut()) {
            failuresLeft.set(failures);
        }
        var send = producer.send(Message.<Object>of(new Word("m1")).withId("m1").withKey("one"));
        failuresLeft.set(0);
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
            failuresLeft.set(failures);
        }
        Consumer consumer = start(where);
        if (outcome == Outcome.WAITS) {
            String name = what == Thrown.NULL
                    ? "NullPointerException"
                    : what.made.get().getClass().getSimpleName();
            advancingUntil(() -> consumer.health().status() == Health.Status.DEGRADED
                    && consumer.health().detail().contains(name));
            assertThat(broker.ids(AT_DEAD)).isEmpty();
            failuresLeft.set(0);
            mayEnd.countDown();
        }
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty() && consumer.inFlight() == 0);
        failuresLeft.set(0);

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

    private void open() {
        RandomGenerator random = () -> {
            fails(Place.RANDOM);
            return 1;
        };
        client = MessagingClient.builder()
                .adapter(broker)
                .url("manual:")
                .timeSource(new UserTime())
                .random(random)
                .codec(new UserCodec())
                .interceptor(new UserInterceptor())
                .observer(new MessagingObserver() {
                    @Override
                    public void attemptEnded(MessagingEvent.AttemptEnded event) {
                        fails(Place.OBSERVER);
                    }
                })
                .open();
    }

    private Consumer start(Place where) {
        IdempotencyPolicy once = IdempotencyPolicy.builder(new UserStore())
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
                .idempotency(once, delivery -> fails(Place.KEY_FUNCTION) ? null : delivery.id());
        if (where == Place.EXECUTOR) {
            builder.executor(task -> {
                fails(Place.EXECUTOR);
                threads.execute(task);
            });
        }
        return switch (where) {
            case ASYNC_HANDLER ->
                builder.startAsync(delivery -> fails(where) ? null : CompletableFuture.completedStage(done(delivery)));
            case STAGE ->
                builder.startAsync(delivery ->
                        CompletableFuture.runAsync(() -> fails(where), threads).thenRun(() -> done(delivery)));
            case DONE_STAGE ->
                builder.startAsync(delivery -> {
                    try {
                        fails(where);
                    } catch (Throwable e) {
                        return CompletableFuture.failedFuture(e);
                    }
                    return CompletableFuture.completedStage(done(delivery));
                });
            case METHODS_OF_STAGE -> builder.startAsync(delivery -> new UserStage(delivery));
            case BATCH_HANDLER ->
                builder.startBatch(1, deliveries -> {
                    fails(where);
                    deliveries.forEach(this::done);
                });
            default ->
                builder.start(delivery -> {
                    fails(Place.HANDLER);
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

    /** A stage that cannot say how it ends, at first. */
    private final class UserStage extends CompletableFuture<Object> {
        private final Delivery<?> delivery;

        UserStage(Delivery<?> delivery) {
            this.delivery = delivery;
        }

        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            fails(Place.METHODS_OF_STAGE);
            done(delivery);
            // twice, as a stage never should
            action.accept(null, null);
            action.accept(null, null);
            return this;
        }
    }

    private final class UserInterceptor implements Interceptor {
        @Override
        public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) throws Exception {
            fails(Place.AROUND_SEND);
            next.send(message);
            fails(Place.AFTER_SEND);
        }

        @Override
        public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
            if (fails(Place.AROUND_HANDLE)) {
                return null;
            }
            CompletionStage<?> stage = next.handle();
            String note = context.deliveries().get(0).id() + "#"
                    + context.deliveries().get(0).attempt();
            try {
                if (fails(Place.AFTER_HANDLE)) {
                    handled.remove(note);
                    return null;
                }
            } catch (Throwable e) {
                handled.remove(note);
                throw e;
            }
            return stage;
        }
    }

    private final class UserCodec implements Codec {
        private boolean added;

        @Override
        public String contentType() {
            // asked by the builder first
            boolean asked = added;
            added = true;
            return asked && fails(Place.CONTENT_TYPE) ? null : "application/x-word";
        }

        @Override
        public boolean supports(Type type) {
            fails(Place.SUPPORTS_ON_THE_WAY_IN);
            fails(Place.SUPPORTS_ON_THE_WAY_OUT);
            return type == Word.class;
        }

        @Override
        public byte[] encode(Object body, EncodeContext context) {
            return fails(Place.ENCODE) ? null : ((Word) body).text().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(byte[] bytes, DecodeContext context) {
            return fails(Place.DECODE) ? null : new Word(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private final class UserTime implements TimeSource {
        @Override
        public long currentTimeMillis() {
            fails(Place.CLOCK);
            return time.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            fails(Place.CLOCK);
            return time.nanoTime();
        }

        @Override
        public Cancellable schedule(Runnable task, Duration delay) {
            Cancellable scheduled = time.schedule(task, delay);
            // after it has taken the task, which must not run twice
            return fails(Place.TIMER) ? null : scheduled;
        }
    }

    private final class UserStore implements IdempotencyStore {
        private final IdempotencyStore store = new InMemoryIdempotencyStore(1_000, time::nanoTime);

        @Override
        public Claim claim(String scope, String key, long fingerprint, Duration lease) {
            return fails(Place.CLAIM) ? null : store.claim(scope, key, fingerprint, lease);
        }

        @Override
        public boolean prolong(String scope, String key, long token, Duration lease) {
            fails(Place.PROLONG);
            return store.prolong(scope, key, token, lease);
        }

        @Override
        public boolean complete(String scope, String key, long token, Duration retention) {
            fails(Place.COMPLETE);
            return store.complete(scope, key, token, retention);
        }

        @Override
        public boolean bury(String scope, String key, long token, Duration retention) {
            return store.bury(scope, key, token, retention);
        }

        @Override
        public boolean release(String scope, String key, long token) {
            fails(Place.RELEASE);
            return store.release(scope, key, token);
        }

        @Override
        public void forget(String scope, String key) {
            store.forget(scope, key);
        }
    }
}
