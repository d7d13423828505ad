package io.anymq.internal.receive.keys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Whether another worker is worth its wake-up: only if handlers take longer than the wake-up. While they are quick it
 * is woken a little later, so that a slow handler among quick ones holds up the others no longer than that; later still
 * where the last one that was woken found nothing to do.
 *
 * <p>Owns the usual duration of handlers, the delay, and whether one has begun. Workers and the timer use it without a
 * lock: one delay at a time begins, by compare-and-set; the rest is volatile.
 */
final class WakeUps {
    /** The approximate cost of waking a thread. */
    private static final long QUICK_NANOS = 20_000;

    /** One slow handler must not hide for long that the others are quick. */
    private static final long LONGEST_SAMPLE_NANOS = 8 * QUICK_NANOS;

    private static final long FIRST_DELAY_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_DELAY_NANOS = Duration.ofMillis(8).toNanos();
    private static final VarHandle DELAYED;

    static {
        try {
            DELAYED = MethodHandles.lookup().findVarHandle(WakeUps.class, "delayed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through DELAYED
    private volatile boolean delayed;

    private volatile long delayNanos = FIRST_DELAY_NANOS;

    /** The usual duration of handlers: a moving average of samples; lost updates do no harm. */
    private volatile long usualNanos = LONGEST_SAMPLE_NANOS;

    /** A handler took so long. */
    void took(long nanos) {
        long took = Math.min(nanos, LONGEST_SAMPLE_NANOS);
        long usual = usualNanos;
        usualNanos = usual + (took - usual) / 4;
    }

    /** Whether to wake a worker at once. */
    boolean areWorthIt() {
        return usualNanos > QUICK_NANOS;
    }

    /** True for the caller that has to wake a worker after {@link #delay}; false if another one does already. */
    boolean beginDelay() {
        return DELAYED.compareAndSet(this, false, true);
    }

    Duration delay() {
        return Duration.ofNanos(delayNanos);
    }

    /** The delay is over: the next one may begin. */
    void endDelay() {
        delayed = false;
    }

    /** Whether there was something to do when the delay was over. */
    void found(boolean needed) {
        delayNanos = needed ? FIRST_DELAY_NANOS : Math.min(LONGEST_DELAY_NANOS, 2 * delayNanos);
    }
}
