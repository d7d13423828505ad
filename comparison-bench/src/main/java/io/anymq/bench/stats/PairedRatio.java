package io.anymq.bench.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * The ratio of two arms over runs made in pairs, so that what disturbs the machine for a while disturbs both.
 *
 * @param median the median of the ratios
 * @param interval where the true median lies
 * @param pairs how many pairs counted
 */
public record PairedRatio(double median, Interval interval, int pairs) {
    /** One pair of measured values. */
    public record Pair(double numerator, double denominator) {}

    /** The ratio over these pairs; at least one, every denominator more than 0. */
    public static PairedRatio of(List<Pair> pairs) {
        List<Double> ratios = new ArrayList<>();
        for (Pair pair : pairs) {
            if (!(pair.denominator() > 0)) {
                throw new IllegalArgumentException("a ratio needs a denominator above 0, not " + pair.denominator());
            }
            ratios.add(pair.numerator() / pair.denominator());
        }
        return new PairedRatio(Statistics.median(ratios), Statistics.medianInterval(ratios), ratios.size());
    }

    /** What it says about the numerator, where more is better. */
    public Verdict verdict() {
        if (!interval.conclusive()) {
            return Verdict.INSUFFICIENT;
        }
        if (interval.low() > 1) {
            return Verdict.FASTER;
        }
        return interval.high() < 1 ? Verdict.SLOWER : Verdict.INDISTINGUISHABLE;
    }

    /** How far apart the ends of the interval are: 1 for no distance. */
    public double spread() {
        return interval.low() > 0 ? interval.high() / interval.low() : Double.POSITIVE_INFINITY;
    }
}
