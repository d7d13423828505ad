package io.anymq.bench.measure;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for points in time by parking: a spinning thread would take a core from what is measured. */
final class Pace {
    private Pace() {}

    /** Returns at {@code nanoTime} or a little later; at once if it has passed. */
    static void until(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }

    /** Returns after so many milliseconds. */
    static void millis(long millis) {
        until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
