package io.anymq.internal.support;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs callbacks in their order, one at a time. One that blocks loses its turn: those behind it go on, on another
 * thread, because the event it waits for may be among them. Thread-safe.
 */
public final class CallbackQueue implements Executor {
    private static final Logger log = LoggerFactory.getLogger(CallbackQueue.class);
    private static final long BLOCKED_NANOS = Duration.ofSeconds(1).toNanos();

    private final Callbacks callbacks;
    private final String owner;
    /** In the order of creation, which the simulation can repeat. */
    final long number;

    // guarded by this
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private @Nullable Turn current;
    private boolean warned;

    CallbackQueue(Callbacks callbacks, String owner, long number) {
        this.callbacks = callbacks;
        this.owner = owner;
        this.number = number;
    }

    /** What one thread runs until nothing is left or it is passed on. */
    private final class Turn implements Runnable {
        // guarded by the queue
        private long since = callbacks.now();
        private @Nullable Thread thread;

        @Override
        public void run() {
            Runnable next = next(this, callbacks.now());
            while (next != null) {
                try {
                    next.run();
                } catch (Throwable e) {
                    log.error("A callback of {} failed; the next one runs", owner, e);
                }
                next = next(this, callbacks.now());
            }
        }
    }

    @Override
    public void execute(Runnable callback) {
        Turn turn = null;
        synchronized (this) {
            waiting.add(callback);
            if (current == null) {
                turn = new Turn();
                current = turn;
            }
        }
        if (turn != null) {
            callbacks.start(this, turn);
        }
    }

    private synchronized @Nullable Runnable next(Turn turn, long now) {
        if (current != turn) {
            return null;
        }
        Runnable next = waiting.poll();
        if (next == null) {
            current = null;
        } else {
            turn.since = now;
            turn.thread = Thread.currentThread();
        }
        return next;
    }

    /** Ends when all callbacks that wait now have run. */
    public CompletableFuture<@Nullable Void> flushed() {
        CompletableFuture<@Nullable Void> flushed = new CompletableFuture<>();
        synchronized (this) {
            if (current == null) {
                return CompletableFuture.completedFuture(null);
            }
            waiting.add(() -> flushed.complete(null));
        }
        return flushed;
    }

    synchronized boolean isBusy() {
        return current != null;
    }

    private @Nullable Turn nextTurn() {
        current = waiting.isEmpty() ? null : new Turn();
        return current;
    }

    /** The calling thread is about to wait: if it runs a callback, what it waits for may be behind that one. */
    public void passOnBeforeWaiting() {
        Turn next;
        synchronized (this) {
            if (current == null || current.thread != Thread.currentThread()) {
                return;
            }
            next = nextTurn();
        }
        if (next != null) {
            callbacks.start(this, next);
        }
    }

    /** Called from time to time: false if nothing runs. */
    boolean passOnIfBlocked(long now) {
        Turn next;
        Thread blocked;
        boolean first;
        synchronized (this) {
            Turn turn = current;
            if (turn == null) {
                return false;
            }
            if (now - turn.since < BLOCKED_NANOS) {
                return true;
            }
            blocked = turn.thread;
            first = !warned && blocked != null;
            warned |= first;
            next = nextTurn();
        }
        if (first && blocked != null) {
            log.warn(
                    "A stage of a future of {} has blocked thread {} for more than {} ms; later stages go on without it,"
                            + " so their order is lost. Do not block in stages: use the …Async methods with an executor"
                            + " of your own. Not logged again for {}",
                    owner,
                    blocked.getName(),
                    BLOCKED_NANOS / 1_000_000,
                    owner);
        }
        if (next != null) {
            callbacks.start(this, next);
        }
        return isBusy();
    }

    @Override
    public String toString() {
        return owner;
    }
}
