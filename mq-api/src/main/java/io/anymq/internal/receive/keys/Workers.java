package io.anymq.internal.receive.keys;

import io.anymq.TimeSource;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.Failures;
import io.anymq.internal.support.WarningLog;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Borrows threads from the handler executor while there is something to do, never more than the concurrency; a worker
 * that starts a task while more is ready calls for another. {@link Slots} counts how many may run, {@link WakeUps}
 * knows when another one is worth waking.
 *
 * <p>Owns the loans, whether new tasks may begin, and what the executor has made of its last calls. Any thread may
 * kick, so there is no lock: a worker belongs to its thread once it has begun, by compare-and-set; the rest is volatile
 * or counted atomically.
 */
final class Workers {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    private static final int SAMPLE_MASK = 15;
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Executor executor;
    private final @Nullable Executor callers;
    private final TimeSource time;
    private final @Nullable RateLimiter limiter;
    private final KeyedExecutor.Pipeline pipeline;
    private final Runnable flush;
    private final KeyQueues queues;
    private final Slots slots;
    private final WakeUps wakeUps = new WakeUps();
    private final WarningLog warnings;
    /** Of this consumer alone: a thread may be a worker of several, one inside the other. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Worker> current = new ThreadLocal<>();

    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile boolean kickScheduled;

    /** How often the executor has thrown since it last took a worker. */
    private final AtomicInteger rejections = new AtomicInteger();
    /** The consumer's health may say that the executor rejects workers. */
    private volatile boolean reported;

    Workers(
            Executor executor,
            @Nullable Executor callers,
            TimeSource time,
            Slots slots,
            @Nullable RateLimiter limiter,
            KeyedExecutor.Pipeline pipeline,
            KeyQueues queues) {
        this.executor = executor;
        this.callers = callers;
        this.time = time;
        this.slots = slots;
        this.limiter = limiter;
        this.pipeline = pipeline;
        this.flush = pipeline::flush;
        this.queues = queues;
        this.warnings = new WarningLog(log, time, "workers were rejected by the handler executor");
    }

    /**
     * One loan of a thread. True as soon as it has begun or is given up, since an executor may throw after it ran it.
     */
    private final class Worker extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1;

        private final transient @Nullable Runnable continuation;
        /** By its own thread only. */
        private boolean slotPassedOn;

        Worker(@Nullable Runnable continuation) {
            this.continuation = continuation;
        }

        @Override
        public void run() {
            if (!compareAndSet(false, true)) {
                return;
            }
            // an executor may run it on a thread that is a worker already
            Worker outer = current.get();
            current.set(this);
            try {
                if (continuation != null) {
                    goOn(continuation);
                }
                drain(this);
            } finally {
                if (outer == null) {
                    current.remove();
                } else {
                    current.set(outer);
                }
            }
        }
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        kick();
    }

    boolean isPaused() {
        return paused;
    }

    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isWorker() {
        return current.get() != null;
    }

    void passSlotOn() {
        slots.passOn();
        current.get().slotPassedOn = true;
    }

    void kick() {
        boolean rejecting = rejections.get() != 0 || reported;
        if (rejecting && kickScheduled) {
            // the executor is asked again when its pause is over, and not for every message until then
            return;
        }
        // an executor that has thrown is asked even if nothing waits for it, or an idle consumer would stay DEGRADED
        boolean asks = rejecting && !stopped;
        if (hasRunnable() || asks) {
            if (slots.take()) {
                startWorker();
            } else if (asks) {
                kickLater(LONGEST_PAUSE_NANOS);
            }
        }
    }

    private boolean hasRunnable() {
        return queues.hasBegun() || (!paused && queues.hasReady());
    }

    private void startWorker() {
        Worker worker = new Worker(null);
        Executor through = callers;
        if (through == null) {
            start(worker);
            return;
        }
        try {
            through.execute(() -> start(worker));
        } catch (Throwable e) {
            notStarted(worker, e);
        }
    }

    private void start(Worker worker) {
        try {
            executor.execute(worker);
        } catch (Throwable e) {
            notStarted(worker, e);
            return;
        }
        accepted();
    }

    private void notStarted(Worker worker, Throwable failure) {
        if (!worker.compareAndSet(false, true)) {
            // it runs nevertheless
            accepted();
            return;
        }
        slots.release();
        if (!stopped) {
            kickLater(rejected(failure, "retrying with backoff, messages wait until then"));
        }
    }

    /** The executor threw, whatever it was; returns the nanoseconds until it may be asked again. */
    private long rejected(Throwable failure, String next) {
        int count = rejections.incrementAndGet();
        if (count == 1) {
            warnings.warn("The handler executor rejected a worker: {}; {}", Failures.text(failure), next);
        }
        pipeline.executorFailed(failure);
        // after the report: a worker taken meanwhile may have withdrawn it before it was made
        reported = true;
        return Backoff.beforeOpeningAgain(count).toNanos();
    }

    private void accepted() {
        if (rejections.get() != 0 || reported) {
            rejections.set(0);
            reported = false;
            pipeline.executorFailed(null);
        }
    }

    void continueWithSlot(Runnable continuation) {
        slots.takeBack();
        Worker worker = new Worker(continuation);
        try {
            executor.execute(worker);
        } catch (Throwable e) {
            // on this thread then, or the message would never be settled and its slot be lost
            if (worker.compareAndSet(false, true)) {
                if (!stopped) {
                    kickLater(rejected(e, "the result of an asynchronous handler is processed on its own thread"));
                }
                goOn(continuation);
                slots.release();
                kick();
                return;
            }
        }
        accepted();
    }

    /** An exception would reach no caller: neither the stage nor the handler's executor wants it. */
    private void goOn(Runnable continuation) {
        try {
            continuation.run();
        } catch (Throwable e) {
            pipeline.defect(null, e);
        }
    }

    private void drain(Worker worker) {
        int taken = 0;
        while (true) {
            KeyedTask task = next();
            if (task == null) {
                goOn(flush);
                slots.release();
                if (!hasRunnable() || (kickScheduled && !queues.hasBegun()) || !slots.take()) {
                    return;
                }
                continue;
            }
            if (queues.hasReady() && slots.anyFree()) {
                wakeAnother();
            }
            task.worker = Thread.currentThread();
            if ((taken++ & SAMPLE_MASK) == 0) {
                runTimed(task);
            } else {
                run(task);
            }
            task.worker = null;
            KeyedTask last = task;
            while (last != null && pipeline.gathered(last) && !pipeline.isFull()) {
                last = queues.follower(last);
                if (last != null) {
                    run(last);
                }
            }
            if (pipeline.isFull()) {
                goOn(flush);
            }
            if (worker.slotPassedOn) {
                worker.slotPassedOn = false;
                if (!slots.take()) {
                    return;
                }
            }
        }
    }

    private void run(KeyedTask task) {
        try {
            task.run();
        } catch (Throwable e) {
            pipeline.defect(task, e);
        }
    }

    private void runTimed(KeyedTask task) {
        long start = System.nanoTime();
        run(task);
        wakeUps.took(System.nanoTime() - start);
    }

    private @Nullable KeyedTask next() {
        while (true) {
            KeyedTask task = queues.pollBegun();
            if (task == null) {
                if (paused || !queues.hasReady()) {
                    return null;
                }
                if (limiter != null) {
                    long wait = limiter.tryAcquire(time.nanoTime());
                    if (wait > 0) {
                        kickLater(wait);
                        return null;
                    }
                }
                task = queues.pollReady();
                if (task == null) {
                    return null;
                }
            }
            if (task.start()) {
                return task;
            }
            // cancelled: if that made another ready, this worker finds it in the next round
            queues.finish(task);
        }
    }

    private void wakeAnother() {
        if (wakeUps.areWorthIt()) {
            kick();
        } else if (wakeUps.beginDelay()) {
            time.schedule(this::help, wakeUps.delay());
        }
    }

    private void help() {
        wakeUps.endDelay();
        if (kickScheduled) {
            // the rate limiter lets no task start before then
            return;
        }
        boolean needed = hasRunnable();
        wakeUps.found(needed);
        if (!needed) {
            return;
        }
        kick();
        if (queues.hasReady() && !paused && slots.anyFree()) {
            wakeAnother();
        }
    }

    private void kickLater(long nanos) {
        if (kickScheduled) {
            return;
        }
        kickScheduled = true;
        time.schedule(
                () -> {
                    kickScheduled = false;
                    kick();
                },
                Duration.ofNanos(nanos));
    }
}
