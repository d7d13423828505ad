package io.anymq.spi.support;

import io.anymq.API;
import java.time.Duration;

/** The end of a time-out that several calls share. Real time, because it bounds waiting for a broker. Immutable. */
@API(API.Status.EXPERIMENTAL)
public final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    /** One that passes after {@code timeout}; at once when that is negative. */
    public static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime() + Math.max(0, timeout.toNanos()));
    }

    /** The time left, at least 0. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** The time left in whole milliseconds, at least 1 because most vendors' calls refuse 0. */
    public int millisLeft() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left().toMillis()));
    }

    /** Whether nothing is left. */
    public boolean passed() {
        return System.nanoTime() - end >= 0;
    }
}
