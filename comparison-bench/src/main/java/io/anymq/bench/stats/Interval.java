package io.anymq.bench.stats;

/**
 * The median of some values, and where the true median lies.
 *
 * @param median of the values
 * @param low the lower end of the interval
 * @param high the upper end
 * @param confidence 0 to 1
 */
public record Interval(double median, double low, double high, double confidence) {
    /** Below this an interval decides nothing. */
    public static final double REQUIRED_CONFIDENCE = 0.95;

    /** Whether it is certain enough to decide anything. */
    public boolean conclusive() {
        return confidence >= REQUIRED_CONFIDENCE;
    }

    /** As a ratio: what it says about the numerator, where more is better. */
    public Verdict verdict() {
        if (!conclusive()) {
            return Verdict.INSUFFICIENT;
        }
        if (low > 1) {
            return Verdict.FASTER;
        }
        return high < 1 ? Verdict.SLOWER : Verdict.INDISTINGUISHABLE;
    }
}
