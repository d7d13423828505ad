package io.anymq.bench.stats;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

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
    private static final double REQUIRED_CONFIDENCE = 0.95;

    /** The verdict of a comparison of two arms. */
    public enum Verdict {
        /** The whole interval speaks for the first arm. */
        @JsonProperty("faster")
        FASTER,
        /** The whole interval speaks against the first arm. */
        @JsonProperty("slower")
        SLOWER,
        /** There were enough pairs, and their interval holds 1. */
        @JsonProperty("indistinguishable")
        INDISTINGUISHABLE,
        /** There were too few pairs to say anything. */
        @JsonProperty("insufficient")
        INSUFFICIENT
    }

    /**
     * The median's distribution-free interval, by the sign test: the narrowest pair of order statistics that covers it with at
     * least 95 %. With fewer than 6 values none does, and the interval is from the smallest to the largest with the smaller
     * confidence that gives.
     */
    public static Interval ofMedian(List<Double> values) {
        double median = Statistics.median(values);
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        int rank = 0;
        while (rank + 1 < (n + 1) / 2 && coverage(n, rank + 1) >= REQUIRED_CONFIDENCE) {
            rank++;
        }
        return new Interval(median, sorted.get(rank), sorted.get(n - 1 - rank), coverage(n, rank));
    }

    /** The confidence of the interval that leaves out {@code rank} values at each end: 1 − 2·P(Bin(n, ½) ≤ rank). */
    private static double coverage(int n, int rank) {
        double probability = Math.pow(0.5, n);
        double tail = 0;
        for (int k = 0; k <= rank; k++) {
            tail += probability;
            probability = probability * (n - k) / (k + 1);
        }
        return Math.max(0, 1 - 2 * tail);
    }

    /** Whether it is certain enough to decide anything. */
    public boolean conclusive() {
        return confidence >= REQUIRED_CONFIDENCE;
    }

    /** As a ratio: what it says about the numerator. */
    public Verdict verdict(boolean lessIsBetter) {
        if (!conclusive()) {
            return Verdict.INSUFFICIENT;
        }
        if (low <= 1 && high >= 1) {
            return Verdict.INDISTINGUISHABLE;
        }
        return low > 1 == lessIsBetter ? Verdict.SLOWER : Verdict.FASTER;
    }
}
