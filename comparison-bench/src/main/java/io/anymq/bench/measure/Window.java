package io.anymq.bench.measure;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The closed window: the one sending thread waits while too many messages are sent and not yet both confirmed and handled.
 * Once it had to wait it goes on when a quarter of the window is free, since waking up for each message would measure the
 * waking.
 */
final class Window {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Ledger ledger;
    private final int size;
    private final int refill;
    private volatile @Nullable Thread waiting;

    Window(Ledger ledger, int size) {
        this.ledger = ledger;
        this.size = size;
        this.refill = Math.max(1, size / 4);
    }

    /** Waits for room; false if none came for 15 s. */
    boolean await() {
        if (open() < size) {
            return true;
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        waiting = Thread.currentThread();
        try {
            while (open() > size - refill) {
                if (System.nanoTime() - deadline >= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(100));
            }
            return true;
        } finally {
            waiting = null;
        }
    }

    /** A message was confirmed or handled. */
    void progressed() {
        Thread sender = waiting;
        if (sender != null && open() <= size - refill) {
            LockSupport.unpark(sender);
        }
    }

    private long open() {
        return ledger.sentSoFar() - Math.min(ledger.endedSoFar(), ledger.handledSoFar());
    }
}
