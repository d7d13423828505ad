package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstrations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All scenarios. */
public final class Scenarios {
    private static final Scenario.Comparer NOTHING = (broker, runs) -> List.of();
    private static final List<Scenario> ALL = Stream.concat(
                    Stream.of(
                            new Scenario(ThroughputScenario.NAME, true, ThroughputScenario::plan, NOTHING),
                            new Scenario(
                                    OverheadScenario.NAME, true, OverheadScenario::plan, OverheadScenario::compare),
                            new Scenario(LatencyScenario.NAME, true, LatencyScenario::plan, LatencyScenario::compare),
                            new Scenario(PayloadScenario.NAME, false, PayloadScenario::plan, PayloadScenario::compare),
                            new Scenario(
                                    PolicyCostScenario.NAME,
                                    false,
                                    PolicyCostScenario::plan,
                                    PolicyCostScenario::compare),
                            new Scenario(AsyncResponseScenario.NAME, true, AsyncResponseScenario::plan, NOTHING)),
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
                .filter(scenario -> scenario.quick() || profile != Profile.SMOKE)
                .map(Scenario::name)
                .toList();
    }

    /** The comparisons of one broker, over all scenarios. */
    public static List<Comparison> compare(String broker, List<RunResult> runs) {
        List<Comparison> comparisons = new ArrayList<>();
        for (Scenario scenario : ALL) {
            List<RunResult> own = runs.stream()
                    .filter(run -> run.broker().equals(broker) && run.scenario().equals(scenario.name()))
                    .toList();
            comparisons.addAll(scenario.compare().of(broker, own));
        }
        return OverheadScenario.withoutNoise(comparisons);
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
