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
    private static List<RunResult> runs(double adapter, double noise) {
        List<RunResult> runs = new ArrayList<>();
        for (int pair = 1; pair <= 6; pair++) {
            Map<String, Object> parameters = Map.of("window", 1_000, "pair", pair);
            runs.add(SyntheticResults.closed("kafka", "adapter", "overhead", parameters, adapter));
            runs.add(SyntheticResults.closed("kafka", "raw", "overhead", parameters, 1_000));
            runs.add(half(pair, "first", 1_000 * noise));
            runs.add(half(pair, "second", 1_000));
        }
        return runs;
    }

    private static RunResult half(int pair, String half, double rate) {
        return SyntheticResults.closed(
                "kafka", "raw", NoiseScenario.NAME, Map.of("window", 1_000, "pair", pair, "half", half), rate);
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
    void withoutNoiseMeasuredTheIntervalDecides() {
        List<RunResult> runs = runs(990, 1.10).stream()
                .filter(run -> run.scenario().equals("overhead"))
                .toList();
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
