package io.anymq.bench.stats;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Medians, which one bad run does not move. Stateless. */
public final class Statistics {
    private Statistics() {}

    /** The median; the mean of the two in the middle where their number is even. */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a median needs at least one value");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
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
}
