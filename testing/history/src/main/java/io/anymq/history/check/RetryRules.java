package io.anymq.history.check;

import java.time.Duration;

/**
 * The retry policy as far as a history can show it. Immutable.
 *
 * @param maxAttempts the most attempts of a message, at least 1
 * @param initialDelay the shortest wait after attempt 1
 * @param multiplier what each further wait is multiplied by, at least 1
 * @param maxDelay the longest of these waits
 * @param tolerance by how much a wait may be shorter: zero, unless the wait is spent at a broker whose
 *     clock counts in milliseconds
 * @param mayEndEarly whether a message may be given up before its attempts are used up, because of a bound on the total
 *     time
 */
public record RetryRules(
        int maxAttempts,
        Duration initialDelay,
        double multiplier,
        Duration maxDelay,
        Duration tolerance,
        boolean mayEndEarly) {
    /** Checks the bounds; throws {@link IllegalArgumentException}. */
    public RetryRules {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, but was " + maxAttempts);
        }
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException("multiplier must be at least 1, but was " + multiplier);
        }
        if (initialDelay.isNegative() || maxDelay.compareTo(initialDelay) < 0 || tolerance.isNegative()) {
            throw new IllegalArgumentException("initialDelay must be at least 0, and maxDelay at least initialDelay");
        }
    }

    /** So many attempts with the same wait between them. */
    public static RetryRules fixed(int maxAttempts, Duration delay) {
        return new RetryRules(maxAttempts, delay, 1, delay, Duration.ZERO, false);
    }

    /** So many attempts with growing waits. */
    public static RetryRules exponential(int maxAttempts, Duration initial, double multiplier, Duration max) {
        return new RetryRules(maxAttempts, initial, multiplier, max, Duration.ZERO, false);
    }

    /** A copy with this tolerance. */
    public RetryRules withTolerance(Duration tolerance) {
        return new RetryRules(maxAttempts, initialDelay, multiplier, maxDelay, tolerance, mayEndEarly);
    }

    /** A copy for a policy with a bound on the total time. */
    public RetryRules endingEarly() {
        return new RetryRules(maxAttempts, initialDelay, multiplier, maxDelay, tolerance, true);
    }

    /** The shortest wait after this attempt has failed, tolerance taken off. */
    long minNanosAfter(int attempt) {
        double nanos = initialDelay.toNanos() * Math.pow(multiplier, attempt - 1);
        return (long) Math.min(nanos, (double) maxDelay.toNanos()) - tolerance.toNanos();
    }
}
