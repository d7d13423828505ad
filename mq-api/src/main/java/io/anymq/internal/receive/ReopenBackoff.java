package io.anymq.internal.receive;

import io.anymq.TimeSource;
import io.anymq.internal.support.Backoff;
import java.time.Duration;

/**
 * How long the receive thread waits before it opens another receiver. That one could be opened proves little: it may
 * fail at once, every time. So the wait grows until something was received or a receiver has lasted. For the receive
 * thread.
 */
final class ReopenBackoff {
    /** As long as the longest wait, so a broker is never asked more often by receivers that last than by those that fail. */
    private static final long LASTING_NANOS = Duration.ofSeconds(5).toNanos();

    /** A single early failure may be chance. */
    private static final int DOUBTFUL = 2;

    private final TimeSource time;

    /** Since a receiver was opened: how long the broker has been away says nothing about the receivers after that. */
    private int failures;

    private int early;
    private boolean first = true;
    private boolean troubled;
    private boolean open;
    private boolean received;
    private long openedAt;

    /** No receiver so far. */
    ReopenBackoff(TimeSource time) {
        this.time = time;
    }

    /** A receiver was opened. */
    void opened() {
        failures = 0;
        open = true;
        received = false;
        openedAt = time.nanoTime();
    }

    /** Something came from the open receiver. */
    void received() {
        received = true;
    }

    /** Whether the receivers before this one failed early, so that it must show first that it works. */
    boolean isDoubtful() {
        return early >= DOUBTFUL && !hasProved();
    }

    private boolean hasProved() {
        return open && (received || time.nanoTime() - openedAt >= LASTING_NANOS);
    }

    /**
     * The open receiver has failed, or none could be opened; returns how long to wait before the next: up to 1 s while
     * none can be opened, and {@link Backoff#after} for receivers that fail early.
     */
    Duration failed() {
        boolean proved = hasProved();
        first = proved || !troubled;
        troubled = true;
        if (proved) {
            early = 0;
        } else if (open) {
            early++;
        }
        open = false;
        failures++;
        Duration away = Backoff.beforeOpeningAgain(failures);
        Duration failing = early == 0 ? Duration.ZERO : Backoff.after(early);
        return away.compareTo(failing) > 0 ? away : failing;
    }

    /** Whether the last failure is the first one since a receiver worked. */
    boolean isFirstFailure() {
        return first;
    }

    /** Whether the last receivers failed early: then another part of the client that reaches the broker says nothing. */
    boolean isFailingEarly() {
        return early >= DOUBTFUL;
    }
}
