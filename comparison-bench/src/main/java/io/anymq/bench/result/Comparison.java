package io.anymq.bench.result;

import io.anymq.bench.stats.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two arms of one broker against each other, over runs made in pairs.
 *
 * @param broker such as {@code kafka}
 * @param scenario where the pairs come from
 * @param parameters what the compared runs have in common
 * @param metric {@code throughput}, {@code cpu-per-message}, {@code latency-p50} …
 * @param numerator the arm above the line, {@code adapter}
 * @param denominator the arm below, {@code raw}
 * @param median of the paired ratios; null without a single counting pair
 * @param min lower end of the interval
 * @param max upper end of the interval
 * @param confidence of the interval, 0 to 1
 * @param pairs pairs that counted
 * @param lessIsBetter whether a ratio below 1 is good
 * @param differenceMedian median of the paired differences, in the metric's unit
 * @param differenceMin lower end of its interval
 * @param differenceMax upper end of its interval
 * @param verdict on the numerator
 */
public record Comparison(
        String broker,
        String scenario,
        Map<String, Object> parameters,
        String metric,
        String numerator,
        String denominator,
        @Nullable Double median,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Double confidence,
        int pairs,
        boolean lessIsBetter,
        @Nullable Double differenceMedian,
        @Nullable Double differenceMin,
        @Nullable Double differenceMax,
        Verdict verdict) {
    /** The same figures, judged otherwise. */
    public Comparison withVerdict(Verdict other) {
        return new Comparison(
                broker,
                scenario,
                parameters,
                metric,
                numerator,
                denominator,
                median,
                min,
                max,
                confidence,
                pairs,
                lessIsBetter,
                differenceMedian,
                differenceMin,
                differenceMax,
                other);
    }
}
