package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes back verdicts that claim less than the noise that was measured. Stateless. */
public final class NoiseFloor {
    /** Before the name of the metric that the plain client was compared with itself in. */
    public static final String PREFIX = "noise-";

    private NoiseFloor() {}

    /**
     * All that the scenarios come to on one broker, with a verdict of faster or slower only where the median is farther from 1
     * than the plain client was from itself in any pair.
     */
    public static List<Comparison> judge(List<Comparison> comparisons) {
        List<Comparison> judged = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            Optional<Double> floor = of(comparison, comparisons);
            Double median = comparison.median();
            boolean claims = comparison.verdict() == Verdict.FASTER || comparison.verdict() == Verdict.SLOWER;
            boolean within =
                    claims && median != null && floor.isPresent() && Math.max(median, 1 / median) <= floor.get();
            judged.add(within ? comparison.withVerdict(Verdict.INDISTINGUISHABLE) : comparison);
        }
        return judged;
    }

    /** The factor by which the plain client differed from itself at the most; empty where that was not measured. */
    public static Optional<Double> of(Comparison comparison, List<Comparison> all) {
        return all.stream()
                .filter(noise -> noise.broker().equals(comparison.broker())
                        && noise.metric().equals(PREFIX + comparison.metric()))
                .flatMap(noise -> factor(noise).stream())
                .findFirst();
    }

    private static Optional<Double> factor(Comparison noise) {
        Double low = noise.min();
        Double high = noise.max();
        return low == null || high == null || low <= 0 ? Optional.empty() : Optional.of(Math.max(high, 1 / low));
    }
}
