package io.anymq.internal.receive.policy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages in flight that cannot run now. <b>Waiting</b> ones wait for a timer, mostly their next attempt, or
 * behind another of their key. <b>Blocked</b> ones are behind another of their key that has waited for a timer; they do
 * not count towards the bytes that a consumer holds. Of a receive loop, blocked ones also of each lane. Thread-safe.
 */
public final class HeldUp {
    /** Of tasks that are in flight nowhere. */
    static final HeldUp NONE = new HeldUp(false, new AtomicLong(), () -> {});

    private static final int RUNNABLE = 0;
    private static final int WAITING = 1;
    private static final int BLOCKED = 2;
    private static final int GONE = 3;

    private static final AtomicIntegerFieldUpdater<Task> PLACE =
            AtomicIntegerFieldUpdater.newUpdater(Task.class, "place");

    private final HeldUp all;
    private final boolean countsKeys;
    private final AtomicLong bytes;
    private final Runnable roomMade;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger blocked = new AtomicInteger();
    private final AtomicLong blockedBytes = new AtomicLong();

    /**
     * Of all lanes.
     *
     * @param countsKeys whether those behind another of their key are counted; without other keys there is no need
     * @param bytes those of all messages that are not blocked, of several loops
     * @param roomMade told when others may run instead
     */
    public HeldUp(boolean countsKeys, AtomicLong bytes, Runnable roomMade) {
        this(null, countsKeys, bytes, roomMade);
    }

    private HeldUp(@Nullable HeldUp all, boolean countsKeys, AtomicLong bytes, Runnable roomMade) {
        this.all = all == null ? this : all;
        this.countsKeys = countsKeys;
        this.bytes = bytes;
        this.roomMade = roomMade;
    }

    /** Of one lane, counted here as well. */
    public HeldUp ofLane() {
        return new HeldUp(this, countsKeys, bytes, roomMade);
    }

    /** Of all lanes. */
    public int waiting() {
        return all.waiting.get();
    }

    public int blocked() {
        return blocked.get();
    }

    public long blockedBytes() {
        return blockedBytes.get();
    }

    void started(Task task) {
        bytes.addAndGet(task.size);
    }

    /** It waits for a timer. */
    void waits(Task task) {
        if (move(task, RUNNABLE, WAITING)) {
            roomMade.run();
        }
    }

    /** It waits behind another of its key. */
    void isBehind(Task task) {
        if (countsKeys) {
            move(task, RUNNABLE, WAITING);
        }
    }

    /** It is behind another of its key that waits for a timer. */
    void isBlocked(Task task) {
        if (countsKeys && !move(task, WAITING, BLOCKED)) {
            move(task, RUNNABLE, BLOCKED);
        }
    }

    /** It may run. */
    void goesOn(Task task) {
        if (!move(task, WAITING, RUNNABLE)) {
            move(task, BLOCKED, RUNNABLE);
        }
    }

    /** It is in flight no longer. */
    void gone(Task task) {
        int before = PLACE.getAndSet(task, GONE);
        count(before, task, -1);
        if (before != BLOCKED && before != GONE) {
            bytes.addAndGet(-task.size);
        }
    }

    private boolean move(Task task, int from, int to) {
        if (!PLACE.compareAndSet(task, from, to)) {
            return false;
        }
        count(from, task, -1);
        count(to, task, 1);
        if (from == BLOCKED || to == BLOCKED) {
            bytes.addAndGet(from == BLOCKED ? task.size : -task.size);
        }
        return true;
    }

    private void count(int place, Task task, int by) {
        if (place == WAITING) {
            all.waiting.addAndGet(by);
        } else if (place == BLOCKED) {
            addBlocked(task, by);
            if (all != this) {
                all.addBlocked(task, by);
            }
        }
    }

    private void addBlocked(Task task, int by) {
        blocked.addAndGet(by);
        blockedBytes.addAndGet((long) by * task.size);
    }
}
