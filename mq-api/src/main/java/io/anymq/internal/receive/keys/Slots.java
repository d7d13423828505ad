package io.anymq.internal.receive.keys;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts how many workers may run. A worker holds one slot; a handler's unfinished stage takes its worker's over.
 *
 * <p>Owns the number of free slots and of those that stages hold. Any thread takes and releases them, without a lock:
 * both numbers are changed atomically.
 */
final class Slots {
    private final int concurrency;
    private final AtomicInteger free;
    /** Slots that were passed on and have not come back. */
    private final AtomicInteger unfinishedStages = new AtomicInteger();

    private volatile @Nullable Thread closer;

    Slots(int concurrency) {
        this.concurrency = concurrency;
        this.free = new AtomicInteger(concurrency);
    }

    boolean anyFree() {
        return free.get() > 0;
    }

    /** False when all are in use. */
    boolean take() {
        int seen = free.get();
        while (seen > 0) {
            if (free.compareAndSet(seen, seen - 1)) {
                return true;
            }
            seen = free.get();
        }
        return false;
    }

    void release() {
        free.incrementAndGet();
        Thread waiting = closer;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** A stage holds its worker's slot from now on. */
    void passOn() {
        unfinishedStages.incrementAndGet();
    }

    /** A stage is complete; a worker holds its slot from now on. */
    void takeBack() {
        unfinishedStages.decrementAndGet();
    }

    boolean hasUnfinishedStages() {
        return unfinishedStages.get() > 0;
    }

    /** Waits until all are free. Called by one thread only. */
    void awaitIdle(long deadlineNanos) {
        closer = Thread.currentThread();
        while (free.get() < concurrency && !Thread.currentThread().isInterrupted()) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(this, left);
        }
        closer = null;
    }
}
