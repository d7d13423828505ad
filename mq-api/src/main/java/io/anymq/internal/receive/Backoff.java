package io.anymq.internal.receive;

import java.time.Duration;

/** Waits for things that are not a handler's attempts: a store, a dead-letter queue, a broker that is down. */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private Backoff() {}

    /** 100 ms after the first failure, doubling up to 5 s. */
    static Duration after(int failures) {
        int doublings = Math.min(10, Math.max(0, failures - 1));
        return Duration.ofMillis(Math.min(LONGEST_MILLIS, FIRST_MILLIS << doublings));
    }
}
