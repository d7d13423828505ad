package io.anymq.internal.receive.redelivery;

import io.anymq.internal.support.Nanos;
import java.time.Duration;

/** Spreads letters over time. Used by one thread. */
final class Pace {
    private static final long SECOND = 1_000_000_000L;
    private static final int ROUNDS_A_SECOND = 10;

    private final int rate;
    private long due = System.nanoTime();

    /** {@code rate} letters a second; 0 for no limit. */
    Pace(int rate) {
        this.rate = rate;
    }

    /** The most letters to take at once, at least 1. */
    int most(int window) {
        return rate == 0 ? window : Math.max(1, Math.min(window, rate / ROUNDS_A_SECOND));
    }

    /** So many letters have gone. */
    void spend(int letters) {
        if (rate > 0) {
            due = Math.max(due, System.nanoTime()) + letters * SECOND / rate;
        }
    }

    /** Whether the next letter must wait. */
    boolean isAhead() {
        return rate > 0 && due - System.nanoTime() > 0;
    }

    /** How long, in nanoseconds, at most {@code longest}. */
    long rest(Duration longest) {
        return Math.max(0, Math.min(Nanos.of(longest), due - System.nanoTime()));
    }
}
