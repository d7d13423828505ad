package io.anymq.internal.support;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one client on which the stages of the futures it hands out run. Stages are user code: they take locks
 * and block, so no thread runs them that holds a lock, reads from the broker or serves timers. Thread-safe.
 */
public final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final long IDLE_THREAD_SECONDS = 10;

    private final TimeSource time;
    private final BooleanSupplier onTimer;
    private final ThreadPoolExecutor threads;
    private final ThreadLocal<Boolean> inside = new ThreadLocal<>();
    /** Queues that may have something to run; the timer takes out those that have not. */
    private final Set<CallbackQueue> active =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(queue -> queue.number));

    private final AtomicLong queues = new AtomicLong();

    private volatile boolean looking;
    private TimeSource.@Nullable Cancellable scheduled;

    /** {@code onTimer}: whether the calling thread serves the client's timers. */
    public Callbacks(String client, TimeSource time, BooleanSupplier onTimer) {
        this.time = time;
        this.onTimer = onTimer;
        // unbounded, because a stage that blocks must not stop those of other queues
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Threads.named("callback-" + client));
    }

    /** A queue whose callbacks run one after another; {@code owner} names it in the warning about one that blocks. */
    public CallbackQueue queue(String owner) {
        return new CallbackQueue(this, owner, queues.incrementAndGet());
    }

    /** Whether the calling thread is running a callback of this client. */
    public boolean isInside() {
        return inside.get() != null;
    }

    /** Whether the calling thread serves the client's timers, which must not wait for anything. */
    public boolean isOnTimer() {
        return onTimer.getAsBoolean();
    }

    /** Ends {@code future}: here if nothing depends on it, else on a thread of its own. */
    public void end(CompletableFuture<@Nullable Void> future, @Nullable Throwable failure, String owner) {
        Runnable end = () -> {
            if (failure == null) {
                future.complete(null);
            } else {
                future.completeExceptionally(failure);
            }
        };
        if (future.getNumberOfDependents() == 0) {
            end.run();
        } else {
            queue(owner).execute(end);
        }
    }

    long now() {
        return time.nanoTime();
    }

    /** Runs {@code callbacks}, the waiting ones of {@code queue}, on some thread. */
    void start(CallbackQueue queue, Runnable callbacks) {
        active.add(queue);
        // after the addition: the look that finds nothing looks once more after it has said that it is the last
        if (!looking) {
            lookLater();
        }
        try {
            threads.execute(() -> runHere(callbacks));
        } catch (RejectedExecutionException closed) {
            runHere(callbacks);
        } catch (Throwable e) {
            log.warn("Could not start a callback thread: {}; trying again in {} ms", e.toString(), LOOK.toMillis());
        }
    }

    private void runHere(Runnable callbacks) {
        Boolean outer = inside.get();
        inside.set(true);
        try {
            callbacks.run();
        } finally {
            if (outer == null) {
                inside.remove();
            }
        }
    }

    private synchronized void lookLater() {
        if (!looking && !threads.isShutdown()) {
            looking = true;
            scheduled = time.schedule(this::look, LOOK);
        }
    }

    private void look() {
        long now = time.nanoTime();
        for (CallbackQueue queue : List.copyOf(active)) {
            if (!queue.passOnIfBlocked(now)) {
                active.remove(queue);
                // it may have got work meanwhile
                if (queue.isBusy()) {
                    active.add(queue);
                }
            }
        }
        looking = false;
        if (!active.isEmpty()) {
            lookLater();
        }
    }

    /** Lets waiting callbacks run within {@code timeout}; later ones run on the threads that bring them. */
    public void close(Duration timeout) {
        long deadline = System.nanoTime() + Nanos.of(timeout);
        for (CallbackQueue queue : active) {
            try {
                queue.flushed().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (Exception e) {
                log.warn("A stage of {} still runs; no longer waiting for it", queue);
            }
        }
        stop();
    }

    private synchronized void stop() {
        threads.shutdown();
        TimeSource.Cancellable look = scheduled;
        if (look != null) {
            look.cancel();
        }
    }
}
