package io.anymq.internal.receive.keys;

import io.anymq.TimeSource;
import io.anymq.TimeSource.Cancellable;
import io.anymq.internal.receive.keys.KeyedTask.State;
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
 * Runs task of one key one after another and task of different keys side by side.
 *
 * <p>A key owns at most one piece of handed-out task (a batch handler: one run of pieces, in one worker). KeyedTask that waits
 * for a timer or a confirm is parked: it keeps its key but gives up its worker, so a key that waits for its retry holds up
 * nobody else. Workers are borrowed from the handler executor while there is something to do, never more than the
 * concurrency; one that starts task while more is ready calls for another.
 *
 * <p>How many may run is counted in slots. A worker holds one; a handler's unfinished stage takes its worker's over.
 */
public final class KeyedExecutor {
    private static final Logger log = LoggerFactory.getLogger(KeyedExecutor.class);

    /** Where task enters the layers, in place of a functional interface of its own for batches. */
    public interface Pipeline {
        /** Called by a worker that has run out of ready task, or when {@link #isFull()}. */
        void flush();

        /** Whether what this worker has gathered must be flushed before more is taken. */
        boolean isFull();

        /** The engine itself has failed where no caller would hear of it, on {@code task} if that is known. */
        void defect(@Nullable KeyedTask task, Throwable failure);

        /** Whether {@code task} waits in this worker's batch, so that the next one of its key may follow it. */
        boolean gathered(KeyedTask task);
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

    /** Queues of keys without task that are kept, so that a hot key costs no allocation. */
    private static final int IDLE_KEYS = 4_096;

    /** The task of one key that waits behind what is handed out, linked through the task itself. Guarded by itself. */
    static final class KeyQueue {
        private final String key;
        private @Nullable KeyedTask head;
        private @Nullable KeyedTask tail;
        private int handedOut;
        private long submitted;
        private boolean dead;

        KeyQueue(String key) {
            this.key = key;
        }

        private void addLast(KeyedTask task) {
            if (tail == null) {
                head = task;
            } else {
                tail.nextOfKey = task;
            }
            tail = task;
        }

        /** Puts back what was handed out: in front of what never was, in the order of arrival. */
        private void putBack(KeyedTask task) {
            KeyedTask before = null;
            KeyedTask after = head;
            while (after != null && after.sequence < task.sequence) {
                before = after;
                after = after.nextOfKey;
            }
            task.nextOfKey = after;
            if (before == null) {
                head = task;
            } else {
                before.nextOfKey = task;
            }
            if (after == null) {
                tail = task;
            }
        }

        /** The next one that nobody cancelled, or null. */
        private @Nullable KeyedTask poll() {
            KeyedTask polled = head;
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
    private final Queue<KeyedTask> ready = new ConcurrentLinkedQueue<>();
    /** KeyedTask that was begun before: goes first, and on even while paused. */
    private final Queue<KeyedTask> begun = new ConcurrentLinkedQueue<>();

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

    public KeyedExecutor(
            Executor executor, TimeSource time, int concurrency, @Nullable RateLimiter limiter, Pipeline pipeline) {
        this.executor = executor;
        this.time = time;
        this.concurrency = concurrency;
        this.freeSlots = new AtomicInteger(concurrency);
        this.limiter = limiter;
        this.pipeline = pipeline;
    }

    /** Takes task in the order of its key. Call {@link #kick()} after the last of a group. */
    public void submit(KeyedTask task) {
        String key = task.orderingKey;
        if (key == null) {
            ready.add(task);
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
                task.keyQueue = queue;
                task.sequence = queue.submitted++;
                if (queue.handedOut == 0) {
                    queue.handedOut = 1;
                    ready.add(task);
                } else {
                    queue.addLast(task);
                }
                return;
            }
        }
    }

    /** Takes task that belongs to no key and goes straight to its next step; it starts no handler there. */
    public void submitUnordered(KeyedTask task) {
        begun.add(task);
    }

    /** The task is over: its key goes on. */
    public void finished(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue == null) {
            return;
        }
        synchronized (queue) {
            queue.handedOut--;
            if (queue.handedOut > 0) {
                return;
            }
            KeyedTask next = queue.poll();
            if (next == null) {
                if (keys.mappingCount() > IDLE_KEYS) {
                    queue.dead = true;
                    keys.remove(queue.key, queue);
                }
                return;
            }
            queue.handedOut = 1;
            (next.state() == State.QUEUED ? ready : begun).add(next);
        }
        if (task.worker != Thread.currentThread()) {
            kick();
        }
    }

    /** Batch handlers: the next task of the same key, to be run in the same worker right behind it; null if none. */
    @Nullable
    KeyedTask follower(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue == null) {
            return null;
        }
        synchronized (queue) {
            KeyedTask next = queue.poll();
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
    public boolean isFollower(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            return queue.handedOut > 1;
        }
    }

    /** Batch handlers: puts task back at its place in its key, to be handled when the task before it is over. */
    public void giveBack(KeyedTask task) {
        task.move(State.RUNNING, State.RESUMED);
        resumeInOrder(task);
    }

    /**
     * Only a batch hands out several of one key. While others of them are not over, this one goes back to the front of
     * its key: running it now would be beside them, or ahead of one that was handed out before it.
     */
    private void resumeInOrder(KeyedTask task) {
        KeyedTask next = task;
        KeyQueue queue = task.keyQueue;
        if (queue != null) {
            synchronized (queue) {
                queue.putBack(task);
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

    /** Lets a running task wait for a timer, keeping its key; it goes on after that. */
    public Cancellable park(KeyedTask task, Duration delay) {
        task.move(State.RUNNING, State.PARKED);
        if (task.isCancelRequested()) {
            unpark(task);
            return () -> {};
        }
        return time.schedule(() -> unpark(task), delay);
    }

    /** Lets a running task wait for {@link #unpark}, which cancelling does not hasten. */
    public void pend(KeyedTask task) {
        task.move(State.RUNNING, State.PENDING);
    }

    /**
     * Makes a running task of no key one that was never begun, so that it can be submitted again.
     *
     * @return false if it was cancelled while it ran and must end by itself
     */
    public boolean returnUnbegun(KeyedTask task) {
        task.move(State.RUNNING, State.QUEUED);
        return !(task.isCancelRequested() && task.start());
    }

    /** Goes on with a parked or pending task; nothing happens if it goes on already. */
    public void unpark(KeyedTask task) {
        if (task.move(State.PARKED, State.RESUMED) || task.move(State.PENDING, State.RESUMED)) {
            resumeInOrder(task);
        }
    }

    /**
     * Asks for the task to end as RELEASED.
     *
     * @return true if it was never begun and is out: nobody will run it; false if it ends by itself, soon or when its
     *     handler does
     */
    public boolean cancel(KeyedTask task) {
        task.requestCancel();
        if (task.move(State.QUEUED, State.CANCELLED)) {
            return true;
        }
        if (task.move(State.PARKED, State.RESUMED)) {
            begun.add(task);
            kick();
        }
        return false;
    }

    /** Starts no more task that was not begun. */
    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        kick();
    }

    /** The consumer is closed: an executor that refuses task from now on is not asked again. */
    public void stop() {
        stopped = true;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Makes sure that a worker looks at the ready task. */
    public void kick() {
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
    public void awaitIdle(long deadlineNanos) {
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
                log.warn("the handler executor refuses task; messages wait until it takes some again");
                kickLater(1_000_000_000L);
            }
        }
    }

    /** Runs {@code continuation} on a handler thread with the slot of an unfinished stage, then what is ready. */
    public void continueWithSlot(Runnable continuation) {
        try {
            executor.execute(() -> {
                goOn(continuation);
                drain();
            });
        } catch (RejectedExecutionException e) {
            // on this thread then, or the message would never be settled and its slot be lost
            goOn(continuation);
            freeSlot();
            kick();
        }
    }

    /** There is nobody whom an exception could reach: neither the stage nor the handler's executor wants it. */
    private void goOn(Runnable continuation) {
        try {
            continuation.run();
        } catch (RuntimeException | Error e) {
            pipeline.defect(null, e);
        }
    }

    private void drain() {
        int taken = 0;
        while (true) {
            KeyedTask task = next();
            if (task == null) {
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
            task.worker = Thread.currentThread();
            if ((taken++ & SAMPLE_MASK) == 0) {
                runTimed(task);
            } else {
                run(task);
            }
            task.worker = null;
            KeyedTask last = task;
            while (last != null && pipeline.gathered(last) && !pipeline.isFull()) {
                last = follower(last);
                if (last != null) {
                    run(last);
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

    /** Called by a worker whose handler returned an unfinished stage: the stage holds the worker's slot from now on. */
    public void passSlotOn() {
        slotPassedOn.set(Boolean.TRUE);
    }

    private @Nullable KeyedTask next() {
        while (true) {
            KeyedTask task = begun.poll();
            if (task == null) {
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
                task = ready.poll();
                if (task == null) {
                    return null;
                }
            }
            if (task.start()) {
                return task;
            }
            finished(task);
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
