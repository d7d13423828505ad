package io.anymq;

import java.time.Duration;

/**
 * Time as the engine sees it. Inject one to run retries, delays and time-outs in virtual time. Thread-safe.
 */
@API(API.Status.STABLE)
public interface TimeSource {
    /** Milliseconds since 1970, as {@link System#currentTimeMillis()}. */
    long currentTimeMillis();

    /** A monotonic clock, as {@link System#nanoTime()}. */
    long nanoTime();

    /** Runs {@code task} once after {@code delay}, on a timer thread; the task must be short. */
    Cancellable schedule(Runnable task, Duration delay);

    /** A scheduled task that can be taken back. */
    @FunctionalInterface
    interface Cancellable {
        /** Prevents the task from running if it has not begun. */
        void cancel();
    }
}
