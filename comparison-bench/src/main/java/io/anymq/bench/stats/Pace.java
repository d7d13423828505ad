package io.anymq.bench.stats;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits by parking: a spinning thread would take a core from what is measured. Stateless. */
public final class Pace {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Pace() {}

    /** Returns at this {@link System#nanoTime()} or a little later; at once if it has passed. */
    public static void until(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Returns after this time, without using a processor. */
    public static void pause(Duration duration) {
        until(System.nanoTime() + duration.toNanos());
    }

    /** Waits for the condition; false if it still does not hold after {@code bound}. */
    public static boolean await(Duration bound, BooleanSupplier condition) {
        long end = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }
}
