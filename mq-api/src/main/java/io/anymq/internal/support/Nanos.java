package io.anymq.internal.support;

import java.time.Duration;

/** Durations for arithmetic with a nanosecond clock: one that is set to "practically for ever" must not overflow it. */
public final class Nanos {
    /** 146 years, so that a clock plus this, minus the clock, is still positive. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private Nanos() {}

    /** The nanoseconds of {@code duration}, at most 146 years. */
    public static long of(Duration duration) {
        return duration.toSeconds() >= LONGEST / 1_000_000_000L ? LONGEST : duration.toNanos();
    }
}
