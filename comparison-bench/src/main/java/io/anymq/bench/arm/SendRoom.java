package io.anymq.bench.arm;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The cap on a plain client's sends in flight, and the failure that broke the client, if any: a run must not wait for confirms
 * that can no longer arrive. Thread-safe.
 */
final class SendRoom {
    private static final long PATIENCE_SECONDS = 30;

    private final int most;
    private final Semaphore permits;
    private volatile @Nullable Throwable broken;

    SendRoom(int most) {
        this.most = most;
        permits = new Semaphore(most);
    }

    /** From now on nothing can be sent; the first reason stays. */
    void broken(Throwable reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    /** Takes room for one send, and waits for it. */
    void take() throws InterruptedException {
        Throwable failure = broken;
        if (failure != null) {
            throw new IllegalStateException("the plain client broke", failure);
        }
        if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no confirm within " + PATIENCE_SECONDS + " s");
        }
    }

    /** So many sends have ended. */
    void free(int sends) {
        permits.release(sends);
    }

    /** Waits until no send is in flight; false if one still is after so many seconds. */
    boolean awaitIdle(long seconds) throws InterruptedException {
        if (!permits.tryAcquire(most, seconds, TimeUnit.SECONDS)) {
            return false;
        }
        permits.release(most);
        return true;
    }
}
