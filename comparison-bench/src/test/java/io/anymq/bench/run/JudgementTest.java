package io.anymq.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.Results.Goal.Status;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgementTest {
    @Test
    void fineResultsExitWithNought() {
        assertThat(ExitCode.of(SyntheticResults.of(pairs(6, 0.97, 0.0)), false)).isEqualTo(ExitCode.OK);
    }

    @Test
    void incorrectnessOutweighsEverything() {
        for (RunResult flawed : List.of(
                SyntheticResults.flawed(1, 0, 0), SyntheticResults.flawed(0, 1, 0), SyntheticResults.flawed(0, 0, 1))) {
            assertThat(ExitCode.of(SyntheticResults.of(List.of(flawed)), true)).isEqualTo(ExitCode.INCORRECT);
        }
    }

    @Test
    void missingBrokerAndFailedRunAreIncomplete() {
        assertThat(ExitCode.of(SyntheticResults.full(), false)).isEqualTo(ExitCode.INCOMPLETE);
        RunResult failed = SyntheticResults.result("r", "kafka", "raw", "overhead", Map.of())
                .voided("its JVM ended");
        assertThat(ExitCode.of(SyntheticResults.of(List.of(failed)), false)).isEqualTo(ExitCode.INCOMPLETE);
    }

    @Test
    void latencyPointVoidedByTheGeneratorIsNoFailure() {
        RunResult late = SyntheticResults.closed("raw", "latency", Map.of("load", "30 %"), 5)
                .voided("the load generator itself was late");
        assertThat(ExitCode.of(SyntheticResults.of(List.of(late)), false)).isEqualTo(ExitCode.OK);
    }

    @Test
    void disagreeingPairsAreTooNoisy() {
        assertThat(ExitCode.of(SyntheticResults.of(pairs(6, 1.0, 0.5)), false)).isEqualTo(ExitCode.NOISY);
        assertThat(ExitCode.of(SyntheticResults.of(pairs(5, 1.0, 0.5)), false)).isEqualTo(ExitCode.OK);
    }

    @Test
    void missedGoalCountsWhenStrict() {
        Results slow = SyntheticResults.of(pairs(6, 0.5, 0.0));
        assertThat(ExitCode.of(slow, false)).isEqualTo(ExitCode.OK);
        assertThat(ExitCode.of(slow, true)).isEqualTo(ExitCode.GOAL_MISSED);
    }

    @Test
    void unfavourableEndDecides() {
        assertThat(throughputGoal(pairs(6, 0.97, 0.0)).status()).isEqualTo(Status.MET);
        assertThat(throughputGoal(pairs(6, 0.97, 0.1)).status()).isEqualTo(Status.MISSED);
        assertThat(throughputGoal(pairs(5, 0.97, 0.0)).status()).isEqualTo(Status.NOT_MEASURED);
        assertThat(throughputGoal(List.of()).status()).isEqualTo(Status.NOT_MEASURED);
    }

    @Test
    void pairWithAVoidedHalfIsLeftOut() {
        List<RunResult> runs = new ArrayList<>(pairs(6, 0.5, 0.0));
        runs.set(0, runs.get(0).voided("for the test"));
        Comparison comparison = SyntheticResults.of(runs).comparisons().get(0);
        assertThat(comparison.pairs()).isEqualTo(5);
        assertThat(comparison.verdict()).isEqualTo(Verdict.INSUFFICIENT);
    }

    @Test
    void dearerIsSlower() {
        Results results = SyntheticResults.of(pairs(6, 0.5, 0.0));
        assertThat(results.comparisons())
                .filteredOn(comparison -> comparison.metric().equals("cpu-per-message"))
                .singleElement()
                .satisfies(comparison -> {
                    assertThat(comparison.median()).isGreaterThan(1);
                    assertThat(comparison.verdict()).isEqualTo(Verdict.SLOWER);
                });
    }

    private static Goal throughputGoal(List<RunResult> runs) {
        return SyntheticResults.goal(runs, "throughput at least 0.90");
    }

    /** Overhead runs with this ratio, every second pair off by {@code noise} to either side. */
    private static List<RunResult> pairs(int pairs, double ratio, double noise) {
        return SyntheticResults.pairs(
                pairs, pair -> 1_000 * ratio * (1 + (pair % 2 == 0 ? noise : -noise)), pair -> 1_000);
    }
}
