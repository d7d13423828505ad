package io.anymq.spi.support;

import io.anymq.API;
import java.time.Duration;

/**
 * Paces work that is cheaper for many at once, such as committing offsets or saving positions. The first request
 * after a while is due at once, others at most once an interval. For the receive thread; not thread-safe.
 *
 * <pre>{@code
 * void acknowledge(...) {
 *     cadence.request();
 *     commitIfDue();
 * }
 *
 * void commitIfDue() {
 *     if (cadence.isDue()) {
 *         cadence.restart();
 *         commit();
 *     }
 * }
 *
 * long longestWait = cadence.nanosUntilDue();
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class Cadence {
    private final long intervalNanos;
    private boolean requested;
    private long last;

    /** Nothing is requested yet. */
    public Cadence(Duration interval) {
        intervalNanos = interval.toNanos();
        last = System.nanoTime() - intervalNanos;
    }

    /** Asks for it to be done as soon as the interval is over. */
    public void request() {
        requested = true;
    }

    /** Whether it was requested and the interval is over. */
    public boolean isDue() {
        return requested && System.nanoTime() - last >= intervalNanos;
    }

    /** The work begins or is done now; later requests count for the next time. */
    public void restart() {
        requested = false;
        last = System.nanoTime();
    }

    /** The longest permitted wait, or {@link Long#MAX_VALUE} while nothing is requested; never below 0. */
    public long nanosUntilDue() {
        return requested ? Math.max(0, intervalNanos - (System.nanoTime() - last)) : Long.MAX_VALUE;
    }
}
