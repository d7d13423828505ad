package io.anymq.bench.result;

import io.anymq.bench.stats.Interval;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two sides of one broker against each other, over runs made in pairs.
 *
 * @param broker such as {@code kafka}
 * @param scenario where the pairs come from
 * @param parameters what the compared runs have in common
 * @param metric {@code throughput}, {@code cpu-per-message}, {@code latency-p50} …
 * @param sides which runs are above and below the line, such as {@code adapter / raw}
 * @param pairs pairs that counted
 * @param ratio one divided by the other, pair by pair; null without a counting pair
 * @param difference one minus the other, in the metric's unit; null without a counting pair
 * @param verdict on the first side
 */
public record Comparison(
        String broker,
        String scenario,
        Map<String, Object> parameters,
        String metric,
        String sides,
        int pairs,
        @Nullable Interval ratio,
        @Nullable Interval difference,
        Interval.Verdict verdict) {
    /** The same figures with another verdict. */
    public Comparison withVerdict(Interval.Verdict other) {
        return new Comparison(broker, scenario, parameters, metric, sides, pairs, ratio, difference, other);
    }

    /** The median of the ratios, or null. */
    public @Nullable Double median() {
        return ratio == null ? null : (Double) ratio.median();
    }
}
