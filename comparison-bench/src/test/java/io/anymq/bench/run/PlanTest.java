package io.anymq.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Profile;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final List<String> BOTH = List.of("adapter", "raw");

    @Test
    void sameSeedGivesTheSamePlan() {
        assertThat(plan(List.of("throughput", "latency", "overhead"), BOTH, Profile.QUICK, 6, 42))
                .isEqualTo(plan(List.of("throughput", "latency", "overhead"), BOTH, Profile.QUICK, 6, 42));
    }

    @Test
    void overheadIsMeasuredInPairsWhoseOrderTurns() {
        for (long seed = 0; seed < 20; seed++) {
            List<PlannedRun> runs = plan(List.of("overhead"), BOTH, Profile.QUICK, 6, seed)
                    .byBroker()
                    .get("inmemory");
            assertThat(runs).hasSize(12);
            List<String> order = new ArrayList<>();
            runs.forEach(run -> order.add(run.arm()));
            for (int four = 0; four < 12; four += 4) {
                assertThat(order.subList(four, four + 4))
                        .isIn(List.of("adapter", "raw", "raw", "adapter"), List.of("raw", "adapter", "adapter", "raw"));
            }
        }
    }

    @Test
    void overheadNeedsBothArms() {
        assertThat(plan(List.of("overhead"), List.of("adapter"), Profile.QUICK, 6, 1)
                        .size())
                .isZero();
    }

    @Test
    void latencyAloneMeasuresTheMaximumFirst() {
        List<PlannedRun> runs =
                plan(List.of("latency"), BOTH, Profile.SMOKE, 1, 1).byBroker().get("inmemory");
        assertThat(runs.get(0).scenario()).isEqualTo("throughput");
        assertThat(runs.get(0).parameters()).containsEntry("window", 1_000);
        assertThat(runs).filteredOn(run -> run.scenario().equals("latency")).hasSize(2);
    }

    @Test
    void profilesKeepTheirPromises() {
        List<String> all = List.of("throughput", "latency", "overhead", "async-response");
        assertThat(plan(all, BOTH, Profile.SMOKE, Profile.SMOKE.pairs(), 1).estimatedSeconds())
                .isLessThan(55);
        assertThat(plan(all, BOTH, Profile.QUICK, Profile.QUICK.pairs(), 1).estimatedSeconds())
                .isLessThan(400);
        List<String> everything = Scenarios.namesOf(Profile.QUICK);
        assertThat(plan(everything, BOTH, Profile.QUICK, Profile.QUICK.pairs(), 1)
                        .estimatedSeconds())
                .isLessThan(450);
        assertThat(plan(everything, BOTH, Profile.FULL, Profile.FULL.pairs(), 1).estimatedSeconds())
                .isLessThan(45 * 60);
        assertThat(Scenarios.namesOf(Profile.SMOKE)).containsExactlyInAnyOrderElementsOf(all);
        assertThat(Profile.QUICK.pairs()).isGreaterThanOrEqualTo(6);
    }

    @Test
    void theNoiseIsThatOfThePlainClientAgainstItself() {
        assertThat(plan(List.of("noise-floor"), BOTH, Profile.QUICK, 6, 1)
                        .byBroker()
                        .get("inmemory"))
                .hasSize(2 * Profile.QUICK.noisePairs())
                .allSatisfy(run -> assertThat(run.arm()).isEqualTo("raw"));
    }

    @Test
    void anEmbeddedBrokerCannotBeKilledAlone() {
        assertThat(plan(List.of("failover"), BOTH, Profile.QUICK, 6, 1).size()).isZero();
    }

    private static Plan plan(List<String> scenarios, List<String> arms, Profile profile, int pairs, long seed) {
        return Plan.of(new CompareOptions(
                List.of("inmemory"),
                scenarios,
                arms,
                Durability.PROCESS,
                profile,
                pairs,
                seed,
                Path.of("unused"),
                Map.of()));
    }
}
