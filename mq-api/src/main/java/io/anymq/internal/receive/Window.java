package io.anymq.internal.receive;

import java.time.Duration;

/**
 * How many messages that can run now a receive loop wants to have: about as many as the handlers finish in a second.
 * Where it is what limits, it grows by up to twice whenever as many messages have ended as it lets in; it shrinks with
 * the measured rate. For the receive thread, except {@link #size()}.
 */
final class Window {
    private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();
    private static final double WORK_NANOS = Duration.ofSeconds(1).toNanos();

    private final int least;
    private final int most;
    /** Written by the receive thread only. */
    private volatile int size;

    private boolean limited;
    private boolean begun;

    /** When the turn began in which as many messages end as the window lets in, and how many had ended then. */
    private long turnAt;

    private long turnEnded;

    private long lastLook;
    private long lastEnded;

    /** Messages per nanosecond, the average of about a second. */
    private double rate;

    /** Between {@code least} and {@code most}, {@code start} at first. */
    Window(int least, int start, int most) {
        this.most = most;
        this.least = Math.min(least, most);
        this.size = Math.max(this.least, Math.min(start, most));
    }

    /** By any thread. */
    int size() {
        return size;
    }

    /** More could have been started. */
    void limits() {
        limited = true;
    }

    /** Adapts the size; {@code ended}: how many messages have ended since the beginning. */
    void look(long now, long ended) {
        if (!begun) {
            begun = true;
            beginTurn(now, ended);
            lastLook = now;
            lastEnded = ended;
        } else if (ended - turnEnded >= size && now > turnAt) {
            if (limited) {
                grow((double) (ended - turnEnded) / (now - turnAt));
            }
            beginTurn(now, ended);
        }
        if (now - lastLook >= INTERVAL_NANOS) {
            shrink(now - lastLook, ended - lastEnded);
            lastLook = now;
            lastEnded = ended;
        }
    }

    private void beginTurn(long now, long ended) {
        turnAt = now;
        turnEnded = ended;
        limited = false;
    }

    private void grow(double measured) {
        double wanted = Math.min(most, measured * WORK_NANOS);
        if (wanted > size) {
            rate = Math.max(rate, measured);
            size = (int) Math.min(wanted, 2.0 * size);
        }
    }

    private void shrink(long passed, long ended) {
        double share = passed / (passed + WORK_NANOS);
        rate += ((double) ended / passed - rate) * share;
        double wanted = Math.max(least, rate * WORK_NANOS);
        if (wanted < size) {
            size = Math.max(least, size - (int) Math.ceil((size - wanted) * share));
        }
    }
}
