package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.stats.Verdict;
import java.util.List;
import java.util.Optional;

/** Withdraws verdicts on differences smaller than the noise that was measured. Stateless. */
public final class NoiseFloor {
    /** Precedes the name of the metric in which the plain client was compared with itself. */
    public static final String PREFIX = "noise-";

    private NoiseFloor() {}

    /**
     * The comparisons of one broker, with a verdict of faster or slower only where the median is farther from 1 than the plain
     * client was from itself in any pair.
     */
    public static List<Comparison> judge(List<Comparison> comparisons) {
        return comparisons.stream()
                .map(each -> isWithinNoise(each, comparisons) ? each.withVerdict(Verdict.INDISTINGUISHABLE) : each)
                .toList();
    }

    private static boolean isWithinNoise(Comparison comparison, List<Comparison> all) {
        Double median = comparison.median();
        boolean claims = comparison.verdict() == Verdict.FASTER || comparison.verdict() == Verdict.SLOWER;
        Optional<Double> floor = all.stream()
                .filter(noise -> noise.metric().equals(PREFIX + comparison.metric()))
                .flatMap(noise -> Optional.ofNullable(noise.ratio()).stream())
                .filter(ratio -> ratio.low() > 0)
                .map(ratio -> Math.max(ratio.high(), 1 / ratio.low()))
                .findFirst();
        return claims && median != null && floor.isPresent() && Math.max(median, 1 / median) <= floor.get();
    }
}
