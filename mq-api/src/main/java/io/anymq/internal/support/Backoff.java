package io.anymq.internal.support;

import java.time.Duration;

/** Waits for things that are not a handler's attempts: a store, a dead-letter queue, a broker that is down. */
public final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;
    private static final long LONGEST_REOPENING_MILLIS = 1_000;

    private Backoff() {}

    /** 100 ms after the first failure, doubling up to 5 s. */
    public static Duration after(int failures) {
        return doubling(failures, LONGEST_MILLIS);
    }

    /**
     * 100 ms, doubling up to 1 s: the longest extra wait if no other part of the client notices the broker's return.
     */
    public static Duration beforeOpeningAgain(int failures) {
        return doubling(failures, LONGEST_REOPENING_MILLIS);
    }

    private static Duration doubling(int failures, long longest) {
        int doublings = Math.min(10, Math.max(0, failures - 1));
        return Duration.ofMillis(Math.min(longest, FIRST_MILLIS << doublings));
    }
}
