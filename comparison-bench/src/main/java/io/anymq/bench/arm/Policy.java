package io.anymq.bench.arm;

import java.time.Duration;

/** What an adapter arm asks of AnyMQ. */
public enum Policy {
    /** Per-key order, the default retry and dead letter. */
    DEFAULT,
    /** No order. */
    UNORDERED,
    /** Per-key order, and every message handled once by its id. */
    IDEMPOTENT,
    /** Per-key order; what fails {@link #ATTEMPTS} times goes to a dead-letter queue, which is read, too. */
    DEAD_LETTER;

    /** How often a message is tried where it may fail. */
    public static final int ATTEMPTS = 3;

    /** What lies between two attempts; short, since the price of the policy is asked for, not that of the wait. */
    public static final Duration DELAY = Duration.ofMillis(1);
}
