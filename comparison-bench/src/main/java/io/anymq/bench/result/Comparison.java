package io.anymq.bench.result;

import io.anymq.bench.stats.Interval;
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
 * @param lessIsBetter whether a ratio below 1 is good
 * @param pairs pairs that counted
 * @param ratio numerator divided by denominator, pair by pair; null without a counting pair
 * @param difference numerator minus denominator, in the metric's unit; null without a counting pair
 * @param verdict on the numerator
 */
public record Comparison(
        String broker,
        String scenario,
        Map<String, Object> parameters,
        String metric,
        String numerator,
        String denominator,
        boolean lessIsBetter,
        int pairs,
        @Nullable Interval ratio,
        @Nullable Interval difference,
        Verdict verdict) {
    /** The same figures with another verdict. */
    public Comparison withVerdict(Verdict other) {
        return new Comparison(
                broker,
                scenario,
                parameters,
                metric,
                numerator,
                denominator,
                lessIsBetter,
                pairs,
                ratio,
                difference,
                other);
    }

    /** The median of the ratios, or null. */
    public @Nullable Double median() {
        return ratio == null ? null : (Double) ratio.median();
    }
}
