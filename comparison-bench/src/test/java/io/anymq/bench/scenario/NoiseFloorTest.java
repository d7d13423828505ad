package io.anymq.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseFloorTest {
    /** The plain client is this much faster in the first three of six pairs than in the others, and AnyMQ with it. */
    private static List<RunResult> runs(double adapter, double noise) {
        return SyntheticResults.pairs(
                6, pair -> adapter * (pair <= 3 ? noise : 1), pair -> 1_000 * (pair <= 3 ? noise : 1));
    }

    private static Comparison comparison(List<RunResult> runs, String metric) {
        return Scenarios.compare("kafka", runs).stream()
                .filter(comparison -> comparison.metric().equals(metric))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(List<RunResult> runs) {
        return comparison(runs, "throughput").verdict();
    }

    @Test
    void whatIsWithinTheNoiseIsNoDifference() {
        assertThat(verdict(runs(950, 1.10))).isEqualTo(Verdict.INDISTINGUISHABLE);
        assertThat(verdict(runs(1_050, 0.90))).isEqualTo(Verdict.INDISTINGUISHABLE);
    }

    @Test
    void whatIsBeyondItIsOne() {
        assertThat(verdict(runs(850, 1.10))).isEqualTo(Verdict.SLOWER);
        assertThat(verdict(runs(1_200, 1.10))).isEqualTo(Verdict.FASTER);
    }

    @Test
    void withoutNoiseTheIntervalDecides() {
        assertThat(verdict(runs(990, 1.0))).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void noiseWithoutACountingPairWithdrawsNothing() {
        List<RunResult> runs = SyntheticResults.pairs(12, pair -> 850, pair -> 1_000).stream()
                .map(run -> run.arm().equals("raw") && Integer.parseInt(run.parameter("pair")) <= 6
                        ? run.voided("for the test")
                        : run)
                .toList();
        assertThat(verdict(runs)).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void theOverheadsOwnPlainRunsMakePairs() {
        List<RunResult> runs =
                SyntheticResults.pairs(6, pair -> pair <= 3 ? 1_000 : 870, pair -> pair <= 3 ? 1_100 : 1_000);
        // The plain client is 1.1 times as fast in one JVM as in the other, AnyMQ a tenth slower than it.
        assertThat(verdict(runs)).isEqualTo(Verdict.SLOWER);
        Comparison noise = comparison(runs, "noise-throughput");
        assertThat(noise.pairs()).isEqualTo(3);
        assertThat(noise.median()).isCloseTo(1.1, within(1e-9));
    }
}
