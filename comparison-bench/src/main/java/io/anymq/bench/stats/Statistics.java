package io.anymq.bench.stats;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The few statistics the benchmark needs. Stateless. */
public final class Statistics {
    private Statistics() {}

    /** The median; the mean of the two in the middle where their number is even. */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a median needs at least one value");
        }
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The figures of those that have one. */
    public static <T> List<Double> figures(Collection<T> items, Function<T, @Nullable Double> figure) {
        return items.stream()
                .flatMap(item -> Stream.ofNullable(figure.apply(item)))
                .toList();
    }

    /** The median of the figures of those that have one; null if none has. */
    public static <T> @Nullable Double median(Collection<T> items, Function<T, @Nullable Double> figure) {
        List<Double> figures = figures(items, figure);
        return figures.isEmpty() ? null : (Double) median(figures);
    }

    /**
     * The median and its distribution-free interval, by the sign test: the narrowest pair of order statistics that covers
     * it with at least 95 %. With fewer than 6 values none does, and the interval is from the smallest to the largest with
     * the smaller confidence that gives.
     */
    public static Interval medianInterval(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("an interval needs at least one value");
        }
        double[] sorted = sorted(values);
        int n = sorted.length;
        int rank = 0;
        while (rank + 1 < (n + 1) / 2 && coverage(n, rank + 1) >= Interval.REQUIRED_CONFIDENCE) {
            rank++;
        }
        return new Interval(median(values), sorted[rank], sorted[n - 1 - rank], coverage(n, rank));
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

    private static double[] sorted(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
