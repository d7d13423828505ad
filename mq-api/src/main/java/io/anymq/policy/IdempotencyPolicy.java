package io.anymq.policy;

import java.time.Duration;

/**
 * Recognizes a message that was handled before, so that its effect happens once although it is delivered again.
 *
 * <p>Two phases: the message is claimed before the handler and marked done after its outputs are confirmed. A failed
 * attempt gives the claim back, so nothing is lost by marking too early. While the store is down nothing is handled.
 * Immutable.
 *
 * @param store where claims are kept; share one store between processes that consume the same subscription
 * @param lease how long a claim holds when its owner dies, 100 ms to 1 day; default 60 s. It is prolonged while the
 *     handler runs
 * @param retention how long a finished message is remembered, at least 1 s; default 24 h
 */
public record IdempotencyPolicy(IdempotencyStore store, Duration lease, Duration retention) {
    /** Checks the bounds; throws {@link IllegalArgumentException}. */
    public IdempotencyPolicy {
        if (lease.compareTo(Duration.ofMillis(100)) < 0 || lease.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("lease is 100 ms to 1 day, not " + lease);
        }
        if (retention.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("retention is at least 1 s, not " + retention);
        }
    }

    /** A 60 s lease and 24 h of memory in this store. */
    public static IdempotencyPolicy with(IdempotencyStore store) {
        return new IdempotencyPolicy(store, Duration.ofSeconds(60), Duration.ofHours(24));
    }

    /** A copy with another lease. */
    public IdempotencyPolicy withLease(Duration lease) {
        return new IdempotencyPolicy(store, lease, retention);
    }

    /** A copy with another retention. */
    public IdempotencyPolicy withRetention(Duration retention) {
        return new IdempotencyPolicy(store, lease, retention);
    }
}
