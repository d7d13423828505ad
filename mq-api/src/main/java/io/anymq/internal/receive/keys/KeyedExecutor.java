package io.anymq.internal.receive.keys;

import io.anymq.TimeSource;
import io.anymq.TimeSource.Cancellable;
import io.anymq.internal.receive.keys.KeyedTask.State;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks of one key one after another and tasks of different keys side by side. {@link KeyQueues} holds the order
 * of each key, {@link Workers} the threads, {@link Slots} their number; this class moves a task from one state to the
 * next:
 *
 * <pre>{@code
 *   submit           a worker takes it                   finished
 *  --------> QUEUED -------------------> RUNNING ---------------------> (over)
 *              | ^     returnUnbegun     | | | ^
 *              | +-----------------------+ | | |
 *       cancel |                 park +----+ +----+ pend     giveBack: RUNNING -> RESUMED
 *              v                      v      | a  v
 *          CANCELLED               PARKED    | w PENDING
 *         (never runs)                |      | o  |
 *                       unpark or     |      | r  |  unpark
 *                       cancel        +---+  | k  |  (a cancel does not hasten it)
 *                                         v  | e  |
 *                                      RESUMED <--+
 * }</pre>
 *
 * <p>A parked or pending task keeps its key but gives up its worker, so a key that waits for its retry holds up no
 * other. A cancel of a task that runs or waits only asks it to end, see {@link KeyedTask#isCancelRequested()}.
 * Thread-safe.
 */
public final class KeyedExecutor {
    /** Wraps the tasks that a worker runs. */
    public interface Pipeline {
        /** Called by a worker that has run out of ready tasks, or when {@link #isFull()}. */
        void flush();

        /** Whether the tasks that this worker has gathered must be flushed before it takes more. */
        boolean isFull();

        /** Whether {@code task} waits in this worker's batch, so that the next one of its key may follow it. */
        boolean gathered(KeyedTask task);

        /** The executor threw instead of taking a worker, or takes workers again (null). */
        default void executorFailed(@Nullable Throwable failure) {}

        /** The engine itself has failed where no caller would hear of it, on {@code task} if that is known. */
        void defect(@Nullable KeyedTask task, Throwable failure);
    }

    private final TimeSource time;
    private final KeyQueues queues = new KeyQueues();
    private final Slots slots;
    private final Workers workers;

    public KeyedExecutor(
            Executor executor, TimeSource time, int concurrency, @Nullable RateLimiter limiter, Pipeline pipeline) {
        this(executor, null, time, concurrency, limiter, pipeline);
    }

    /** {@code callers}: where to call {@code executor} if that may block its caller, which must not be a timer. */
    public KeyedExecutor(
            Executor executor,
            @Nullable Executor callers,
            TimeSource time,
            int concurrency,
            @Nullable RateLimiter limiter,
            Pipeline pipeline) {
        this.time = time;
        this.slots = new Slots(concurrency);
        this.workers = new Workers(executor, callers, time, slots, limiter, pipeline, queues);
    }

    /** Takes a task in the order of its key. Call {@link #kick()} after the last of a group. */
    public void submit(KeyedTask task) {
        queues.submit(task);
    }

    /** Takes a task that belongs to no key and starts no handler in its first step; it runs even while paused. */
    public void submitUnordered(KeyedTask task) {
        queues.addBegun(task);
    }

    /** The task is over: its key goes on. */
    public void finished(KeyedTask task) {
        if (queues.finish(task) && task.worker != Thread.currentThread()) {
            workers.kick();
        }
    }

    /** Lets a running task wait for a timer, keeping its key; a cancel ends the wait early. */
    public Cancellable park(KeyedTask task, Duration delay) {
        // before it can go on again
        queues.block(task);
        task.waits();
        task.move(State.RUNNING, State.PARKED);
        if (task.isCancelRequested()) {
            unpark(task);
            return () -> {};
        }
        return time.schedule(() -> unpark(task), delay);
    }

    /** Lets a running task wait for {@link #unpark}, keeping its key; a cancel does not hasten it. */
    public void pend(KeyedTask task) {
        task.move(State.RUNNING, State.PENDING);
    }

    /** Goes on with a parked or pending task; nothing happens if it goes on already. */
    public void unpark(KeyedTask task) {
        if (task.move(State.PARKED, State.RESUMED) || task.move(State.PENDING, State.RESUMED)) {
            task.goesOn();
            resume(task);
        }
    }

    /**
     * Asks for the task to end as released.
     *
     * @return true if it was never begun and will not run; false if it ends by itself, soon or when its handler does
     */
    public boolean cancel(KeyedTask task) {
        task.requestCancel();
        if (task.move(State.QUEUED, State.CANCELLED)) {
            return true;
        }
        if (task.move(State.PARKED, State.RESUMED)) {
            task.goesOn();
            queues.addBegun(task);
            workers.kick();
        }
        return false;
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

    /** Batch handlers: whether a task of the same key that was handed out before is not over. */
    public boolean isFollower(KeyedTask task) {
        return queues.isFollower(task);
    }

    /** Batch handlers: puts a task back at its place in its key, to be handled when the one before it is over. */
    public void giveBack(KeyedTask task) {
        task.move(State.RUNNING, State.RESUMED);
        resume(task);
    }

    private void resume(KeyedTask task) {
        if (queues.resume(task)) {
            workers.kick();
        }
    }

    /** Starts no more tasks that were not begun. */
    public void pause() {
        workers.pause();
    }

    public void resume() {
        workers.resume();
    }

    /** Whether a close has begun to interrupt what still runs. */
    public boolean isStopped() {
        return workers.isStopped();
    }

    public boolean isPaused() {
        return workers.isPaused();
    }

    /** Makes sure that a worker looks at the ready tasks. */
    public void kick() {
        workers.kick();
    }

    /** Called by a worker whose handler returned an unfinished stage: the stage holds the worker's slot from now on. */
    public void passSlotOn() {
        workers.passSlotOn();
    }

    /** Runs {@code continuation} on a handler thread with the slot of an unfinished stage, then ready tasks. */
    public void continueWithSlot(Runnable continuation) {
        workers.continueWithSlot(continuation);
    }

    /** Whether the calling thread is running one of this executor's tasks. */
    public boolean isWorker() {
        return workers.isWorker();
    }

    /** Whether a handler has returned a stage that is not complete. */
    public boolean hasUnfinishedStages() {
        return slots.hasUnfinishedStages();
    }

    /** The consumer is closed: an executor that rejects a worker from now on is not asked again. */
    public void stop() {
        workers.stop();
    }

    /**
     * Waits until no worker and no stage is running, including those whose message has gone to another consumer.
     * Called by one thread only.
     */
    public void awaitIdle(long deadlineNanos) {
        slots.awaitIdle(deadlineNanos);
    }
}
