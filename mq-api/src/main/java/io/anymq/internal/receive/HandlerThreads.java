package io.anymq.internal.receive;

import io.anymq.internal.support.Threads;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads on which a consumer's handlers run and its stores are asked: its own, or an executor of the user. */
final class HandlerThreads {
    private static final long IDLE_THREAD_SECONDS = 10;

    private final Executor handlers;
    private final @Nullable ThreadPoolExecutor own;
    private final @Nullable ThreadPoolExecutor stores;
    private final @Nullable ThreadPoolExecutor callers;

    /** {@code handlers}: null for threads of its own; {@code asksStores}: whether it does so beside handlers. */
    HandlerThreads(String consumer, @Nullable Executor handlers, boolean asksStores) {
        if (handlers == null) {
            ThreadPoolExecutor pool = newPool("handle-" + consumer);
            this.own = pool;
            this.handlers = pool;
            this.stores = asksStores ? pool : null;
            this.callers = null;
        } else {
            this.own = null;
            this.handlers = handlers;
            // handlers may take all threads of a foreign executor, and calls of stores must not queue behind them
            this.stores = asksStores ? newPool("store-" + consumer) : null;
            this.callers = newPool("call-" + consumer);
        }
    }

    private static ThreadPoolExecutor newPool(String threads) {
        // unbounded on purpose: the executor's slots bound the handlers, and calls of stores must never queue behind
        // them
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Threads.named(threads));
    }

    Executor handlers() {
        return handlers;
    }

    /** Calls a foreign executor, which may block its caller or run a handler on it; null for threads of its own. */
    @Nullable
    Executor callers() {
        return callers;
    }

    /** Where the calls of stores may block. */
    Executor stores() {
        if (stores == null) {
            throw new IllegalStateException("this consumer has no store to ask");
        }
        return stores;
    }

    /** Interrupts what runs on threads of its own. */
    void interrupt() {
        if (stores != null) {
            stores.shutdownNow();
        }
        if (callers != null) {
            callers.shutdownNow();
        }
        if (own != null) {
            own.shutdownNow();
        }
    }

    /** False if a handler on a thread of its own is still running at the end. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return own == null || own.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }
}
