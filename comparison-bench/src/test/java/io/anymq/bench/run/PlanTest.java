package io.anymq.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Profile;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        List<String> smoke = Scenarios.namesOf(Profile.SMOKE);
        assertThat(smoke).containsExactlyInAnyOrder("throughput", "latency", "overhead", "async-response");
        assertThat(plan(smoke, BOTH, Profile.SMOKE, Profile.SMOKE.extent().pairs(), 1)
                        .estimatedSeconds())
                .isLessThan(55);
        // A quarter of an hour, and a tenth of it as slack: for points that are measured once more because the
        // generator was
        // late, and for a machine that is slower than the one that the estimates come from.
        assertThat(allBrokers(Profile.QUICK).estimatedSeconds()).isLessThanOrEqualTo(13.25 * 60);
        assertThat(allBrokers(Profile.FULL).estimatedSeconds()).isLessThan(90 * 60);
        // With fewer there is no verdict, and no goal is judged.
        assertThat(Profile.QUICK.extent().pairs()).isGreaterThanOrEqualTo(6);
        assertThat(Profile.QUICK.extent().latencyPairs()).isGreaterThanOrEqualTo(6);
        assertThat(Profile.FULL.extent().pairs()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void quickHoldsEveryScenario() {
        Set<String> planned = new HashSet<>();
        allBrokers(Profile.QUICK).byBroker().get("kafka").forEach(run -> planned.add(run.scenario()));
        assertThat(planned).containsExactlyInAnyOrderElementsOf(Scenarios.namesOf(Profile.QUICK));
    }

    @Test
    void theJvmsOfAnArmAreWarmedUpOnceEach() {
        // Quick: those of all pairs, and the demonstrations'.
        assertThat(jvmsByBroker(Profile.QUICK)).allSatisfy(jvms -> {
            assertThat(jvms).isSorted();
            assertThat(new HashSet<>(jvms)).hasSize(2);
        });
        // Full: two for ten pairs.
        assertThat(jvmsByBroker(Profile.FULL))
                .allSatisfy(jvms -> assertThat(new HashSet<>(jvms)).contains(1, 2, PlannedRun.THEORY_JVM));
    }

    @Test
    void aBrokerIsKilledBeforeItHasStoredAnything() {
        for (List<PlannedRun> runs : allBrokers(Profile.QUICK).byBroker().values()) {
            List<Boolean> kills = runs.stream().map(PlannedRun::killsTheBroker).toList();
            assertThat(kills).isSortedAccordingTo(Comparator.reverseOrder());
        }
    }

    private static List<List<Integer>> jvmsByBroker(Profile profile) {
        return allBrokers(profile).byBroker().values().stream()
                .map(runs -> runs.stream()
                        .filter(run -> !run.killsTheBroker())
                        .map(PlannedRun::jvm)
                        .toList())
                .toList();
    }

    @Test
    void whatIsCountedIsPlayedSideBySideAndWhatIsMeasuredIsNot() {
        List<PlannedRun> runs = allBrokers(Profile.QUICK).byBroker().get("kafka");
        for (int first = 0; first < runs.size(); ) {
            List<PlannedRun> together = Plan.together(runs, first);
            first += together.size();
            if (together.size() > 1) {
                assertThat(together).allSatisfy(run -> assertThat(run.load()).isInstanceOf(Load.Theory.class));
            }
            assertThat(together)
                    .allSatisfy(run ->
                            assertThat(run.group()).isEqualTo(together.get(0).group()));
        }
        assertThat(runs)
                .filteredOn(run -> run.scenario().equals("failover"))
                .extracting(PlannedRun::arm)
                .containsExactly("adapter", "raw");
        assertThat(runs)
                .filteredOn(run -> run.scenario().equals("slow-consumer"))
                .hasSize(3)
                .allSatisfy(run -> assertThat(run.group()).isEmpty());
    }

    private static Plan allBrokers(Profile profile) {
        List<String> brokers = Brokers.all().stream().map(BrokerUnderTest::name).toList();
        return plan(
                brokers,
                Scenarios.namesOf(profile),
                BOTH,
                profile,
                profile.extent().pairs(),
                1);
    }

    @Test
    void anEmbeddedBrokerCannotBeKilledAlone() {
        assertThat(plan(List.of("failover"), BOTH, Profile.QUICK, 6, 1).size()).isZero();
    }

    private static Plan plan(List<String> scenarios, List<String> arms, Profile profile, int pairs, long seed) {
        return plan(List.of("inmemory"), scenarios, arms, profile, pairs, seed);
    }

    private static Plan plan(
            List<String> brokers, List<String> scenarios, List<String> arms, Profile profile, int pairs, long seed) {
        Path out = Path.of("unused");
        return Plan.of(
                new CompareOptions(brokers, scenarios, arms, Durability.PROCESS, profile, pairs, seed, out, Map.of()));
    }
}
