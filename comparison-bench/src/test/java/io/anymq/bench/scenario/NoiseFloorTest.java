package io.anymq.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoiseFloorTest {
    /** The plain client is this much faster in the first three pairs than in the others, and AnyMQ with it. */
    private static List<RunResult> runs(double adapter, double noise) {
        List<RunResult> runs = new ArrayList<>();
        for (int pair = 1; pair <= 6; pair++) {
            Map<String, Object> parameters = Map.of("window", 1_000, "pair", pair);
            double faster = pair <= 3 ? noise : 1;
            runs.add(SyntheticResults.closed("kafka", "adapter", "overhead", parameters, adapter * faster));
            runs.add(SyntheticResults.closed("kafka", "raw", "overhead", parameters, 1_000 * faster));
        }
        return runs;
    }

    private static Verdict verdict(List<RunResult> runs) {
        return Scenarios.compare("kafka", runs).stream()
                .filter(comparison -> comparison.metric().equals("throughput"))
                .map(Comparison::verdict)
                .findFirst()
                .orElseThrow();
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
        List<RunResult> runs = new ArrayList<>();
        for (int pair = 1; pair <= 12; pair++) {
            Map<String, Object> parameters = Map.of("window", 1_000, "pair", pair);
            RunResult raw = SyntheticResults.closed("kafka", "raw", "overhead", parameters, 1_000);
            runs.add(SyntheticResults.closed("kafka", "adapter", "overhead", parameters, 850));
            runs.add(pair <= 6 ? raw.voided("for the test") : raw);
        }
        assertThat(verdict(runs)).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void theOverheadsOwnPlainRunsMakePairs() {
        List<RunResult> runs = new ArrayList<>();
        for (int pair = 1; pair <= 6; pair++) {
            Map<String, Object> parameters = Map.of("window", 1_000, "pair", pair);
            runs.add(SyntheticResults.closed("kafka", "adapter", "overhead", parameters, pair <= 3 ? 1_000 : 870));
            runs.add(SyntheticResults.closed("kafka", "raw", "overhead", parameters, pair <= 3 ? 1_100 : 1_000));
        }
        // The plain client is 1.1 times as fast in one JVM as in the other, AnyMQ a tenth slower than it.
        assertThat(verdict(runs)).isEqualTo(Verdict.SLOWER);
        Comparison noise = Scenarios.compare("kafka", runs).stream()
                .filter(comparison -> comparison.metric().equals("noise-throughput"))
                .findFirst()
                .orElseThrow();
        assertThat(noise.pairs()).isEqualTo(3);
        assertThat(noise.median()).isCloseTo(1.1, within(1e-9));
    }
}
