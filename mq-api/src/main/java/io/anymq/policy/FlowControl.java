package io.anymq.policy;

/**
 * How much a consumer takes at a time and how fast. Immutable.
 *
 * @param maxInFlight messages taken from the broker and not settled, 1 to 1,000,000; default 1,000
 * @param maxPerSecond handler starts per second, retries included; 0 (the default) means no limit
 */
public record FlowControl(int maxInFlight, double maxPerSecond) {
    /** 1,000 in flight, no rate limit. */
    public static final FlowControl DEFAULT = new FlowControl(1_000, 0);

    /** Checks the bounds; throws {@link IllegalArgumentException}. */
    public FlowControl {
        if (maxInFlight < 1 || maxInFlight > 1_000_000) {
            throw new IllegalArgumentException("maxInFlight is 1 to 1,000,000, not " + maxInFlight);
        }
        if (!(maxPerSecond >= 0) || Double.isInfinite(maxPerSecond)) {
            throw new IllegalArgumentException("maxPerSecond is 0 or more, not " + maxPerSecond);
        }
    }

    /** A copy with another window. */
    public FlowControl withMaxInFlight(int maxInFlight) {
        return new FlowControl(maxInFlight, maxPerSecond);
    }

    /** A copy with a rate limit. */
    public FlowControl withMaxPerSecond(double maxPerSecond) {
        return new FlowControl(maxInFlight, maxPerSecond);
    }
}
