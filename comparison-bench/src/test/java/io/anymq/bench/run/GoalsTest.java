package io.anymq.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.measure.Measurement;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.Results.Goal.Status;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Messages;
import io.anymq.bench.scenario.CostScenarios;
import io.anymq.bench.theory.Failover;
import io.anymq.bench.theory.FirstMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The goals that policies and crashes are judged by: the unfavourable end of the interval counts. */
class GoalsTest {
    private static RunResult crash(String arm, int pair, double pause, long repeated, long lost) {
        String variant = arm.equals("raw") ? Failover.RAW_VARIANT : Failover.ADAPTER_VARIANT;
        Map<String, Double> findings =
                Map.of(Failover.PAUSE, pause, Failover.REPEATED, (double) repeated, Failover.LOST, (double) lost);
        return SyntheticResults.result(arm + pair, "kafka", arm, "failover", Map.of("variant", variant, "pair", pair))
                .demonstrated(8, Messages.of(1_000, 1_000, 1_000 - lost, lost), findings, List.of())
                .voided(lost == 0 ? null : lost + " lost");
    }

    private static RunResult policy(String variant, int round, double rate, Map<String, Double> findings) {
        Map<String, Object> parameters = Map.of("variant", variant, "pair", round);
        return SyntheticResults.closed("adapter", CostScenarios.POLICY_COST, parameters, rate)
                .withFindings(findings);
    }

    private static Goal goal(List<RunResult> runs, String beginning) {
        return SyntheticResults.goal(runs, beginning);
    }

    private static List<RunResult> crashes(int pairs, double slower) {
        List<RunResult> runs = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            runs.add(crash("adapter", pair, 5 + slower * pair / pairs, 12, 0));
            runs.add(crash("raw", pair, 5, 0, 0));
        }
        return runs;
    }

    @Test
    void everyGoalIsMeasuredOrSaysWhoMeasuresIt() {
        assertThat(SyntheticResults.full().goals())
                .extracting(Goal::measured)
                .noneMatch(measured -> measured.contains("no scenario"));
    }

    @Test
    void aCrashIsJudgedByTheWorstOfSixPauses() {
        String goal = "after the broker's crash back";
        assertThat(goal(crashes(6, 0.9), goal).status()).isEqualTo(Status.MET);
        assertThat(goal(crashes(6, 1.2), goal).status()).isEqualTo(Status.MISSED);
        assertThat(goal(crashes(1, 0.1), goal).status()).isEqualTo(Status.NOT_MEASURED);
    }

    private static RunResult first(String variant, double slowest) {
        Map<String, Double> findings = Map.of(FirstMessage.SLOWEST, slowest, FirstMessage.ROUNDS, 6.0);
        return SyntheticResults.result(variant, "kafka", "adapter", "first-message", Map.of("variant", variant))
                .demonstrated(8, Messages.of(6, 6, 6, 0), findings, List.of());
    }

    @Test
    void theSlowestFreshConsumerIsTheOneThatCounts() {
        String goal = "a fresh consumer";
        RunResult plain = first(FirstMessage.RAW_VARIANT, 9_000);
        assertThat(goal(List.of(plain), goal).status()).isEqualTo(Status.NOT_MEASURED);
        Goal met = goal(List.of(plain, first(FirstMessage.ADAPTER_VARIANT, 1_999)), goal);
        assertThat(met.status()).isEqualTo(Status.MET);
        assertThat(met.measured()).isEqualTo("the slowest of 6 took 1,999 ms");
        assertThat(goal(List.of(first(FirstMessage.ADAPTER_VARIANT, 2_001)), goal)
                        .status())
                .isEqualTo(Status.MISSED);
    }

    @Test
    void whatACrashLosesNeedsNoSecondOne() {
        String goal = "after the broker's crash nothing lost";
        assertThat(goal(crashes(1, 0), goal).status()).isEqualTo(Status.MET);
        assertThat(goal(List.of(crash("adapter", 1, 5, 12, 1)), goal).status()).isEqualTo(Status.MISSED);
        assertThat(goal(List.of(crash("adapter", 1, 5, 1_001, 0)), goal).status())
                .isEqualTo(Status.MISSED);
    }

    @Test
    void whatABrokerLosesThatPromisesNoMoreIsLostAllTheSame() {
        Map<String, Double> findings = Map.of(Failover.PAUSE, 2.0, Failover.REPEATED, 0.0, Failover.LOST, 11.0);
        RunResult run = SyntheticResults.result(
                        "r1", "kafka", "adapter", "failover", Map.of("variant", Failover.ADAPTER_VARIANT))
                .demonstrated(8, Messages.of(1_000, 1_000, 989, 0), findings, List.of());
        assertThat(run.incorrect()).isFalse();
        Goal goal = goal(List.of(run), "after the broker's crash nothing lost");
        assertThat(goal.status()).isEqualTo(Status.MISSED);
        assertThat(goal.measured()).startsWith("11 lost");
    }

    @Test
    void policiesAreJudgedAgainstAnyMqWithoutThem() {
        List<RunResult> runs = new ArrayList<>();
        for (int round = 1; round <= 6; round++) {
            runs.add(policy("unordered", round, 1_000, Map.of()));
            runs.add(policy("per key", round, 950, Map.of()));
            runs.add(policy("per key, idempotent", round, 700, Map.of()));
            runs.add(policy(
                    CostScenarios.POISON,
                    round,
                    900,
                    Map.of(Measurement.POISONED, 10.0, Measurement.DEAD_LETTERS, round == 6 ? 9.0 : 10.0)));
            runs.add(policy(CostScenarios.ZIPF, round, 300, Map.of(Measurement.HOT_KEY_SHARE, 0.9)));
        }
        assertThat(goal(runs, "per-key order").status()).isEqualTo(Status.MET);
        assertThat(goal(runs, "idempotency").status()).isEqualTo(Status.MISSED);
        assertThat(goal(runs, "1 % poison at least").status()).isEqualTo(Status.MET);
        assertThat(goal(runs, "1 % poison: the dead letter").status()).isEqualTo(Status.MISSED);
        assertThat(goal(runs, "Zipf keys").status()).isEqualTo(Status.MET);
    }

    @Test
    void whatTheLedgerMissesIsAMissedGoal() {
        RunResult run = SyntheticResults.flawed(1, 0, 0);
        assertThat(run.counts()).isFalse();
        assertThat(goal(List.of(run), "nothing lost").status()).isEqualTo(Status.MISSED);
    }
}
