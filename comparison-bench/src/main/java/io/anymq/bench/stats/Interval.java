package io.anymq.bench.stats;

/**
 * Where the true median lies.
 *
 * @param low the lower end
 * @param high the upper end
 * @param confidence 0 to 1
 */
public record Interval(double low, double high, double confidence) {
    /** Below this an interval decides nothing. */
    public static final double REQUIRED_CONFIDENCE = 0.95;

    /** Whether it is sure enough to decide anything. */
    public boolean conclusive() {
        return confidence >= REQUIRED_CONFIDENCE;
    }
}
