package io.anymq.internal.receive.keys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Something that {@link KeyedExecutor} runs in the order of its key, in several steps if it has to wait in between. Only the
 * executor moves it from one state to the next.
 */
public abstract class KeyedTask {
    /** Where a task is; {@link KeyedExecutor} draws how one leads to the other. */
    public enum State {
        /** Never begun. */
        QUEUED,
        RUNNING,
        /** Was begun and goes on as soon as a worker takes it. */
        RESUMED,
        /** Waits for a timer and may be called back early. */
        PARKED,
        /** Waits for a confirm or a handler's stage. */
        PENDING,
        CANCELLED
    }

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(KeyedTask.class, "state", State.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The key under which it is ordered, or null. */
    final @Nullable String orderingKey;

    KeyQueues.@Nullable KeyQueue keyQueue;

    /** The next in line of the same key; guarded by the key's queue. */
    @Nullable
    KeyedTask nextOfKey;

    /** Its place among those of its key; guarded by the key's queue. */
    long sequence;

    /** The worker that runs it and will look for more itself; written by that thread only. */
    @Nullable
    Thread worker;

    private volatile State state = State.QUEUED;
    private volatile boolean cancelRequested;

    protected KeyedTask(@Nullable String orderingKey) {
        this.orderingKey = orderingKey;
    }

    /** Does the next step, on a worker's thread: must end by parking, pending or finishing it. */
    protected abstract void run();

    /** Begins to wait for a timer; it may end before this returns. */
    protected void waits() {}

    /** Begins to wait behind another of its key; called with the key locked, must only count. */
    protected void isBehind() {}

    /** Another of its key before it has waited for a timer; called with the key locked, must only count. */
    protected void isBlocked() {}

    /** May run, whatever it has waited for. May be called without need. */
    protected void goesOn() {}

    /** Whether its lane or its consumer goes away: it must end as released at the next opportunity. */
    public final boolean isCancelRequested() {
        return cancelRequested;
    }

    final void requestCancel() {
        cancelRequested = true;
    }

    final boolean move(State from, State to) {
        return STATE.compareAndSet(this, from, to);
    }

    /** Claims it for one worker; false if it was cancelled. */
    final boolean start() {
        return move(State.QUEUED, State.RUNNING) || move(State.RESUMED, State.RUNNING);
    }

    final State state() {
        return state;
    }
}
