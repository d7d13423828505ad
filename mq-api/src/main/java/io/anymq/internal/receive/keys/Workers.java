package io.anymq.internal.receive.keys;

import io.anymq.TimeSource;
import io.anymq.internal.support.Backoff;
import io.anymq.internal.support.Failures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Borrows threads from the handler executor while there is something to do, never more than the concurrency; a worker
 * that starts a task while more is ready calls for another.
 *
 * <p>How many may run is counted in slots. A worker holds one; a handler's unfinished stage takes its worker's over.
 */
final class Workers {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    /** The approximate cost of waking a thread. */
    private static final long QUICK_NANOS = 20_000;

    /** One slow handler must not hide for long that the others are quick. */
    private static final long LONGEST_SAMPLE_NANOS = 8 * QUICK_NANOS;

    private static final int SAMPLE_MASK = 15;
    private static final long FIRST_HELP_DELAY_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_HELP_DELAY_NANOS = Duration.ofMillis(8).toNanos();
    private static final VarHandle HELP_CALLED;

    static {
        try {
            HELP_CALLED = MethodHandles.lookup().findVarHandle(Workers.class, "helpCalled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor executor;
    private final @Nullable Executor callers;
    private final TimeSource time;
    private final @Nullable RateLimiter limiter;
    private final KeyedExecutor.Pipeline pipeline;
    private final Runnable flush;
    private final KeyQueues queues;
    private final int concurrency;
    private final AtomicInteger freeSlots;
    /** Slots that were passed on and have not come back. */
    private final AtomicInteger unfinishedStages = new AtomicInteger();
    /** Of this consumer alone: a thread may be a worker of several, one inside the other. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Worker> current = new ThreadLocal<>();

    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile @Nullable Thread closer;
    private volatile boolean kickScheduled;

    @SuppressWarnings("unused") // through HELP_CALLED
    private volatile boolean helpCalled;

    /** How often the executor has thrown since it last took a worker. */
    private final AtomicInteger rejections = new AtomicInteger();

    private volatile long helpDelayNanos = FIRST_HELP_DELAY_NANOS;

    /** The usual duration of handlers: a moving average of samples; lost updates do no harm. */
    private volatile long usualNanos = LONGEST_SAMPLE_NANOS;

    Workers(
            Executor executor,
            @Nullable Executor callers,
            TimeSource time,
            int concurrency,
            @Nullable RateLimiter limiter,
            KeyedExecutor.Pipeline pipeline,
            KeyQueues queues) {
        this.executor = executor;
        this.callers = callers;
        this.time = time;
        this.concurrency = concurrency;
        this.freeSlots = new AtomicInteger(concurrency);
        this.limiter = limiter;
        this.pipeline = pipeline;
        this.flush = pipeline::flush;
        this.queues = queues;
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

    boolean isWorker() {
        return current.get() != null;
    }

    void passSlotOn() {
        unfinishedStages.incrementAndGet();
        current.get().slotPassedOn = true;
    }

    boolean hasUnfinishedStages() {
        return unfinishedStages.get() > 0;
    }

    void kick() {
        if (kickScheduled && rejections.get() != 0) {
            // the executor is asked again when its pause is over, and not for every message until then
            return;
        }
        if (hasRunnable() && takeSlot()) {
            startWorker();
        }
    }

    private boolean hasRunnable() {
        return queues.hasBegun() || (!paused && queues.hasReady());
    }

    private boolean takeSlot() {
        int free = freeSlots.get();
        while (free > 0) {
            if (freeSlots.compareAndSet(free, free - 1)) {
                return true;
            }
            free = freeSlots.get();
        }
        return false;
    }

    private void freeSlot() {
        freeSlots.incrementAndGet();
        Thread waiting = closer;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    void awaitIdle(long deadlineNanos) {
        closer = Thread.currentThread();
        while (freeSlots.get() < concurrency && !Thread.currentThread().isInterrupted()) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        closer = null;
    }

    private void startWorker() {
        Worker worker = new Worker(null);
        Executor through = callers;
        if (through == null) {
            start(executor, worker);
        } else {
            start(task -> through.execute(() -> start(executor, worker)), worker);
        }
    }

    private void start(Executor where, Worker worker) {
        try {
            where.execute(worker);
        } catch (Throwable e) {
            if (!worker.compareAndSet(false, true)) {
                return;
            }
            freeSlot();
            if (!stopped) {
                kickLater(rejected(e, "retrying with backoff, messages wait until then"));
            }
            return;
        }
        accepted();
    }

    /** The executor threw, whatever it was; returns the nanoseconds until it may be asked again. */
    private long rejected(Throwable failure, String next) {
        int count = rejections.incrementAndGet();
        if (count == 1) {
            log.warn("The handler executor rejected a worker: {}; {}", Failures.text(failure), next);
        }
        pipeline.executorFailed(failure);
        return Backoff.beforeOpeningAgain(count).toNanos();
    }

    private void accepted() {
        if (rejections.get() != 0) {
            rejections.set(0);
            pipeline.executorFailed(null);
        }
    }

    void continueWithSlot(Runnable continuation) {
        unfinishedStages.decrementAndGet();
        Worker worker = new Worker(continuation);
        try {
            executor.execute(worker);
        } catch (Throwable e) {
            // on this thread then, or the message would never be settled and its slot be lost
            if (worker.compareAndSet(false, true)) {
                if (!stopped) {
                    long unused = rejected(e, "the result of an asynchronous handler is processed on its own thread");
                }
                goOn(continuation);
                freeSlot();
                kick();
            }
        }
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
                freeSlot();
                if (!hasRunnable() || (kickScheduled && !queues.hasBegun()) || !takeSlot()) {
                    return;
                }
                continue;
            }
            if (queues.hasReady() && freeSlots.get() > 0) {
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
                if (!takeSlot()) {
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
        long took = Math.min(System.nanoTime() - start, LONGEST_SAMPLE_NANOS);
        long usual = usualNanos;
        usualNanos = usual + (took - usual) / 4;
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

    /**
     * Another worker is worth its wake-up only if handlers take longer than the wake-up. While they are quick it is
     * called a little later, so that a slow handler among quick ones holds up the others no longer than that; later
     * still where the last one that was called found nothing to do.
     */
    private void wakeAnother() {
        if (usualNanos > QUICK_NANOS) {
            kick();
        } else if (HELP_CALLED.compareAndSet(this, false, true)) {
            time.schedule(this::help, Duration.ofNanos(helpDelayNanos));
        }
    }

    private void help() {
        helpCalled = false;
        if (kickScheduled) {
            // the rate limiter lets no task start before then
            return;
        }
        boolean needed = hasRunnable();
        helpDelayNanos = needed ? FIRST_HELP_DELAY_NANOS : Math.min(LONGEST_HELP_DELAY_NANOS, 2 * helpDelayNanos);
        if (!needed) {
            return;
        }
        kick();
        if (queues.hasReady() && !paused && freeSlots.get() > 0) {
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
