package io.anymq.internal;

import io.anymq.Codec;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingEvent;
import io.anymq.MessagingObserver;
import io.anymq.TimeSource;
import io.anymq.VirtualTime;
import io.anymq.internal.support.ForwardingStore;
import io.anymq.internal.support.Sneaky;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** All that an application plugs in, which misbehaves at one place and in one way. */
final class UserCode {
    /** What becomes of the message. */
    enum Outcome {
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
    enum Place {
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

        final Outcome outcome;
        final boolean returnsSomething;

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
    enum Thrown {
        CHECKED(() -> new IOException("on purpose")),
        UNCHECKED(() -> new IllegalStateException("on purpose")),
        REJECTED(() -> new RejectedExecutionException("on purpose")),
        OVERFLOW(StackOverflowError::new),
        MISSING_CLASS(() -> new NoClassDefFoundError("org/vendor/Part")),
        NO_MEMORY(() -> new OutOfMemoryError("unable to create native thread")),
        UNPRINTABLE(Unprintable::new),
        NULL(() -> new IllegalArgumentException("null is returned, not thrown"));

        @SuppressWarnings("ImmutableEnumChecker") // it makes a new one each time
        final Supplier<Throwable> made;

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

    record Word(String text) {}

    private final AtomicInteger failuresLeft = new AtomicInteger();
    private final Place place;
    private final Thrown thrown;

    UserCode(Place place, Thrown thrown) {
        this.place = place;
        this.thrown = thrown;
    }

    /** From now on it fails so many times. */
    void failNext(int failures) {
        failuresLeft.set(failures);
    }

    /** User code at {@code here}: whether it misbehaves now by returning null; it throws otherwise. */
    boolean fails(Place here) {
        if (here != place || failuresLeft.getAndUpdate(left -> left > 0 ? left - 1 : left) <= 0) {
            return false;
        }
        if (thrown == Thrown.NULL) {
            return true;
        }
        throw Sneaky.thrown(thrown.made.get());
    }

    /** Plugs all of it into a client; {@code handled} has the notes of its handlers. */
    MessagingClient.Builder plugInto(MessagingClient.Builder builder, VirtualTime time, List<String> handled) {
        return builder.timeSource(new UserTime(time))
                .random(() -> {
                    fails(Place.RANDOM);
                    return 1;
                })
                .codec(new UserCodec())
                .interceptor(new UserInterceptor(handled))
                .observer(new MessagingObserver() {
                    @Override
                    public void attemptEnded(MessagingEvent.AttemptEnded event) {
                        fails(Place.OBSERVER);
                    }
                });
    }

    IdempotencyStore store(VirtualTime time) {
        return new UserStore(time);
    }

    /** A stage that cannot say how it ends, at first; {@code handle} is its handler. */
    CompletionStage<?> stage(Runnable handle) {
        return new UserStage(handle);
    }

    private final class UserStage extends CompletableFuture<Object> {
        private final Runnable handle;

        UserStage(Runnable handle) {
            this.handle = handle;
        }

        @Override
        public CompletableFuture<Object> whenComplete(BiConsumer<? super Object, ? super Throwable> action) {
            fails(Place.METHODS_OF_STAGE);
            handle.run();
            // twice, as a stage never should
            action.accept(null, null);
            action.accept(null, null);
            return this;
        }
    }

    private final class UserInterceptor implements Interceptor {
        private final List<String> handled;

        UserInterceptor(List<String> handled) {
            this.handled = handled;
        }

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
        private final VirtualTime time;

        UserTime(VirtualTime time) {
            this.time = time;
        }

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

    private final class UserStore extends ForwardingStore {
        UserStore(VirtualTime time) {
            super(new InMemoryIdempotencyStore(1_000, time::nanoTime));
        }

        @Override
        public Claim claim(String scope, String key, long fingerprint, Duration lease) {
            return fails(Place.CLAIM) ? null : super.claim(scope, key, fingerprint, lease);
        }

        @Override
        public boolean prolong(String scope, String key, long token, Duration lease) {
            fails(Place.PROLONG);
            return super.prolong(scope, key, token, lease);
        }

        @Override
        public boolean complete(String scope, String key, long token, Duration retention) {
            fails(Place.COMPLETE);
            return super.complete(scope, key, token, retention);
        }

        @Override
        public boolean release(String scope, String key, long token) {
            fails(Place.RELEASE);
            return super.release(scope, key, token);
        }
    }
}
