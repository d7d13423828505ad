package io.anymq.internal.receive;

import io.anymq.TimeSource;
import io.anymq.TimeSource.Cancellable;
import io.anymq.internal.receive.Work.State;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work of one key one after another and work of different keys side by side.
 *
 * <p>A key owns at most one piece of handed-out work (a batch handler: one run of pieces, in one worker). Work that waits
 * for a timer or a confirm is parked: it keeps its key but gives up its worker, so a key that waits for its retry holds up
 * nobody else. Workers are borrowed from the handler executor while there is something to do, never more than the
 * concurrency; one that starts work while more is ready calls for another.
 *
 * <p>How many may run is counted in slots. A worker holds one; a handler's unfinished stage takes its worker's over.
 */
final class KeyedExecutor {
    private static final Logger log = LoggerFactory.getLogger(KeyedExecutor.class);

    /** Where work enters the layers, in place of a functional interface of its own for batches. */
    interface Pipeline {
        /** Starts or resumes one piece of work. */
        void run(Work work);

        /** Called by a worker that has run out of ready work, or when {@link #isFull()}. */
        void flush();

        /** Whether what this worker has gathered must be flushed before more is taken. */
        boolean isFull();

        /** The engine itself has failed where no caller would hear of it. */
        void defect(Throwable failure);

        /** Whether {@code work} waits in this worker's batch, so that the next one of its key may follow it. */
        boolean gathered(Work work);
    }

    /** About what it costs to wake a thread and have it run. */
    private static final long QUICK_NANOS = 20_000;

    /** One slow handler must not hide for long that the others are quick. */
    private static final long LONGEST_SAMPLE_NANOS = 8 * QUICK_NANOS;

    private static final int SAMPLE_MASK = 15;
    private static final long FIRST_HELP_DELAY_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_HELP_DELAY_NANOS = Duration.ofMillis(8).toNanos();
    private static final VarHandle HELP_CALLED;

    static {
        try {
            HELP_CALLED = MethodHandles.lookup().findVarHandle(KeyedExecutor.class, "helpCalled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Queues of keys without work that are kept, so that a hot key costs no allocation. */
    private static final int IDLE_KEYS = 4_096;

    /** The work of one key that waits behind what is handed out, linked through the work itself. Guarded by itself. */
    static final class KeyQueue {
        private final String key;
        private @Nullable Work head;
        private @Nullable Work tail;
        private int handedOut;
        private long submitted;
        private boolean dead;

        KeyQueue(String key) {
            this.key = key;
        }

        private void addLast(Work work) {
            if (tail == null) {
                head = work;
            } else {
                tail.nextOfKey = work;
            }
            tail = work;
        }

        /** Puts back what was handed out: in front of what never was, in the order of arrival. */
        private void putBack(Work work) {
            Work before = null;
            Work after = head;
            while (after != null && after.sequence < work.sequence) {
                before = after;
                after = after.nextOfKey;
            }
            work.nextOfKey = after;
            if (before == null) {
                head = work;
            } else {
                before.nextOfKey = work;
            }
            if (after == null) {
                tail = work;
            }
        }

        /** The next one that nobody cancelled, or null. */
        private @Nullable Work poll() {
            Work polled = head;
            while (polled != null) {
                head = polled.nextOfKey;
                polled.nextOfKey = null;
                if (head == null) {
                    tail = null;
                }
                if (polled.state() != State.CANCELLED) {
                    return polled;
                }
                polled = head;
            }
            return null;
        }
    }

    private final Executor executor;
    private final TimeSource time;
    private final Pipeline pipeline;
    private final @Nullable RateLimiter limiter;
    private final ConcurrentHashMap<String, KeyQueue> keys = new ConcurrentHashMap<>();
    private final Queue<Work> ready = new ConcurrentLinkedQueue<>();
    /** Work that was begun before: goes first, and on even while paused. */
    private final Queue<Work> begun = new ConcurrentLinkedQueue<>();

    private final ThreadLocal<Boolean> slotPassedOn = new ThreadLocal<>();
    private final int concurrency;
    private final AtomicInteger freeSlots;
    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile @Nullable Thread closer;
    private volatile boolean kickScheduled;

    @SuppressWarnings("unused") // through HELP_CALLED
    private volatile boolean helpCalled;

    private volatile long helpDelayNanos = FIRST_HELP_DELAY_NANOS;

    /** How long handlers usually take: a moving average of samples, whose lost updates do no harm. */
    private volatile long usualNanos = LONGEST_SAMPLE_NANOS;

    KeyedExecutor(
            Executor executor, TimeSource time, int concurrency, @Nullable RateLimiter limiter, Pipeline pipeline) {
        this.executor = executor;
        this.time = time;
        this.concurrency = concurrency;
        this.freeSlots = new AtomicInteger(concurrency);
        this.limiter = limiter;
        this.pipeline = pipeline;
    }

    /** Takes work in the order of its key. Call {@link #kick()} after the last of a group. */
    void submit(Work work) {
        String key = work.orderingKey;
        if (key == null) {
            ready.add(work);
            return;
        }
        while (true) {
            KeyQueue queue = keys.get(key);
            if (queue == null) {
                KeyQueue fresh = new KeyQueue(key);
                KeyQueue present = keys.putIfAbsent(key, fresh);
                queue = present == null ? fresh : present;
            }
            synchronized (queue) {
                if (queue.dead) {
                    continue;
                }
                work.keyQueue = queue;
                work.sequence = queue.submitted++;
                if (queue.handedOut == 0) {
                    queue.handedOut = 1;
                    ready.add(work);
                } else {
                    queue.addLast(work);
                }
                return;
            }
        }
    }

    /** Takes work that belongs to no key and goes straight to {@link Work#resumeAt}; it starts no handler there. */
    void submitUnordered(Work work) {
        begun.add(work);
    }

    /** The work is over: its key goes on. */
    void finished(Work work) {
        KeyQueue queue = work.keyQueue;
        if (queue == null) {
            return;
        }
        synchronized (queue) {
            queue.handedOut--;
            if (queue.handedOut > 0) {
                return;
            }
            Work next = queue.poll();
            if (next == null) {
                if (keys.mappingCount() > IDLE_KEYS) {
                    queue.dead = true;
                    keys.remove(queue.key, queue);
                }
                return;
            }
            queue.handedOut = 1;
            (next.resumeAt == null ? ready : begun).add(next);
        }
        if (work.worker != Thread.currentThread()) {
            kick();
        }
    }

    /** Batch handlers: the next work of the same key, to be run in the same worker right behind it; null if none. */
    @Nullable
    Work follower(Work work) {
        KeyQueue queue = work.keyQueue;
        if (queue == null) {
            return null;
        }
        synchronized (queue) {
            Work next = queue.poll();
            while (next != null && !next.start()) {
                next = queue.poll();
            }
            if (next != null) {
                queue.handedOut++;
            }
            return next;
        }
    }

    /** Batch handlers: whether something of the same key that was handed out before is not over. */
    boolean isFollower(Work work) {
        KeyQueue queue = work.keyQueue;
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            return queue.handedOut > 1;
        }
    }

    /** Batch handlers: puts work back at its place in its key, to be handled when the work before it is over. */
    void giveBack(Work work) {
        work.move(State.RUNNING, State.RESUMED);
        resumeInOrder(work);
    }

    /**
     * Only a batch hands out several of one key. While others of them are not over, this one goes back to the front of
     * its key: running it now would be beside them, or ahead of one that was handed out before it.
     */
    private void resumeInOrder(Work work) {
        Work next = work;
        KeyQueue queue = work.keyQueue;
        if (queue != null) {
            synchronized (queue) {
                queue.putBack(work);
                if (queue.handedOut > 1) {
                    queue.handedOut--;
                    return;
                }
                next = queue.poll();
            }
        }
        if (next != null) {
            begun.add(next);
        }
        kick();
    }

    /** Lets running work wait for a timer, keeping its key; it goes on in {@code layer}. */
    Cancellable park(Work work, Duration delay, Layer layer) {
        work.resumeAt = layer;
        work.move(State.RUNNING, State.PARKED);
        if (work.cancelRequested) {
            unpark(work);
            return () -> {};
        }
        return time.schedule(() -> unpark(work), delay);
    }

    /** Lets running work wait for {@link #unpark}, which cancelling does not hasten. */
    void pend(Work work, Layer layer) {
        work.resumeAt = layer;
        work.move(State.RUNNING, State.PENDING);
    }

    /** Goes on with parked or pending work; nothing happens if it goes on already. */
    void unpark(Work work) {
        if (work.move(State.PARKED, State.RESUMED) || work.move(State.PENDING, State.RESUMED)) {
            resumeInOrder(work);
        }
    }

    /**
     * Asks for the work to end as RELEASED.
     *
     * @return true if it was never begun and is out: nobody will run it; false if it ends by itself, soon or when its
     *     handler does
     */
    boolean cancel(Work work) {
        work.cancelRequested = true;
        if (work.move(State.QUEUED, State.CANCELLED)) {
            return true;
        }
        if (work.move(State.PARKED, State.RESUMED)) {
            begun.add(work);
            kick();
        }
        return false;
    }

    /** Starts no more work that was not begun. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        kick();
    }

    /** The consumer is closed: an executor that refuses work from now on is not asked again. */
    void stop() {
        stopped = true;
    }

    boolean isPaused() {
        return paused;
    }

    /** Makes sure that a worker looks at the ready work. */
    void kick() {
        if (hasRunnable() && takeSlot()) {
            startWorker();
        }
    }

    private boolean hasRunnable() {
        return !begun.isEmpty() || (!paused && !ready.isEmpty());
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

    /**
     * Waits until no worker and no stage is under way, those included whose message has come to another consumer; by one
     * thread only.
     */
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
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            freeSlot();
            if (!stopped) {
                log.warn("the handler executor refuses work; messages wait until it takes some again");
                kickLater(1_000_000_000L);
            }
        }
    }

    /** Runs {@code task} on a handler thread with the slot of an unfinished stage, then what is ready. */
    void continueWithSlot(Runnable task) {
        try {
            executor.execute(() -> {
                goOn(task);
                drain();
            });
        } catch (RejectedExecutionException e) {
            // on this thread then, or the message would never be settled and its slot be lost
            goOn(task);
            freeSlot();
            kick();
        }
    }

    /** There is nobody whom an exception could reach: neither the stage nor the handler's executor wants it. */
    private void goOn(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            pipeline.defect(e);
        }
    }

    private void drain() {
        int taken = 0;
        while (true) {
            Work work = next();
            if (work == null) {
                pipeline.flush();
                freeSlot();
                if (!hasRunnable() || (kickScheduled && begun.isEmpty()) || !takeSlot()) {
                    return;
                }
                continue;
            }
            if (!ready.isEmpty() && freeSlots.get() > 0) {
                callForHelp();
            }
            work.worker = Thread.currentThread();
            if ((taken++ & SAMPLE_MASK) == 0) {
                runTimed(work);
            } else {
                pipeline.run(work);
            }
            work.worker = null;
            Work last = work;
            while (last != null && pipeline.gathered(last) && !pipeline.isFull()) {
                last = follower(last);
                if (last != null) {
                    pipeline.run(last);
                }
            }
            if (pipeline.isFull()) {
                pipeline.flush();
            }
            if (slotPassedOn.get() != null) {
                slotPassedOn.remove();
                if (!takeSlot()) {
                    return;
                }
            }
        }
    }

    /**
     * Another worker is worth its wake-up only if handlers take longer than the wake-up. While they are quick it is
     * called a little later, so that a slow handler among quick ones holds up the others no longer than that; later still
     * where the last one that was called found nothing to do.
     */
    private void callForHelp() {
        if (usualNanos > QUICK_NANOS) {
            kick();
        } else if (HELP_CALLED.compareAndSet(this, false, true)) {
            time.schedule(this::help, Duration.ofNanos(helpDelayNanos));
        }
    }

    private void help() {
        helpCalled = false;
        if (kickScheduled) {
            // the rate limiter lets nobody start before then
            return;
        }
        boolean needed = hasRunnable();
        helpDelayNanos = needed ? FIRST_HELP_DELAY_NANOS : Math.min(LONGEST_HELP_DELAY_NANOS, 2 * helpDelayNanos);
        if (!needed) {
            return;
        }
        kick();
        if (!ready.isEmpty() && !paused && freeSlots.get() > 0) {
            callForHelp();
        }
    }

    private void runTimed(Work work) {
        long start = System.nanoTime();
        pipeline.run(work);
        long took = Math.min(System.nanoTime() - start, LONGEST_SAMPLE_NANOS);
        long usual = usualNanos;
        usualNanos = usual + (took - usual) / 4;
    }

    /** Called by a worker whose handler returned an unfinished stage: the stage holds the worker's slot from now on. */
    void passSlotOn() {
        slotPassedOn.set(Boolean.TRUE);
    }

    private @Nullable Work next() {
        while (true) {
            Work work = begun.poll();
            if (work == null) {
                if (paused || ready.isEmpty()) {
                    return null;
                }
                if (limiter != null) {
                    long wait = limiter.tryAcquire(time.nanoTime());
                    if (wait > 0) {
                        kickLater(wait);
                        return null;
                    }
                }
                work = ready.poll();
                if (work == null) {
                    return null;
                }
            }
            if (work.start()) {
                return work;
            }
            finished(work);
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
