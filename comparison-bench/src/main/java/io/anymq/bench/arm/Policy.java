package io.anymq.bench.arm;

import java.time.Duration;

/** The policies that an adapter arm uses. */
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

    /** The delay between two attempts; short, because the cost of the policy is measured, not the wait. */
    public static final Duration DELAY = Duration.ofMillis(1);
}
