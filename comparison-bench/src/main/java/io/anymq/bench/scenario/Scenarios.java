package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstrations;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All scenarios. */
public final class Scenarios {
    private static final Set<String> SMOKE = Set.of("throughput", "overhead", "latency", "async-response");

    private static final List<Scenario> ALL = Stream.concat(
                    Stream.of(
                            new Scenario(
                                    CapacityScenarios.THROUGHPUT,
                                    CapacityScenarios::throughput,
                                    (broker, runs) -> List.of()),
                            new Scenario(
                                    CapacityScenarios.OVERHEAD,
                                    CapacityScenarios::overhead,
                                    CapacityScenarios::compare),
                            new Scenario(LatencyScenario.NAME, LatencyScenario::plan, LatencyScenario::compare),
                            new Scenario(CostScenarios.PAYLOAD, CostScenarios::payload, CostScenarios::comparePayloads),
                            new Scenario(
                                    CostScenarios.POLICY_COST,
                                    CostScenarios::policies,
                                    CostScenarios::comparePolicies)),
                    Demonstrations.all().stream().map(TheoryScenario::of))
            .toList();

    private Scenarios() {}

    /** In the order in which they are run; later ones may build on earlier ones. */
    public static List<Scenario> all() {
        return ALL;
    }

    /** Those of a profile, unless told otherwise. */
    public static List<String> namesOf(Profile profile) {
        return ALL.stream()
                .map(Scenario::name)
                .filter(name -> profile != Profile.SMOKE || SMOKE.contains(name))
                .toList();
    }

    /** The comparisons of one broker, over all scenarios. */
    public static List<Comparison> compare(String broker, List<RunResult> runs) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Scenario scenario : ALL) {
            List<RunResult> own = runs.stream()
                    .filter(run -> run.broker().equals(broker) && run.scenario().equals(scenario.name()))
                    .toList();
            comparisons.addAll(scenario.compare().apply(broker, own));
        }
        return CapacityScenarios.withoutNoise(comparisons);
    }

    /** By name; throws {@link IllegalArgumentException} with the known names. */
    public static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario is called '" + name + "'; known: "
                        + ALL.stream().map(Scenario::name).collect(Collectors.joining(", "))));
    }
}
