package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstrations;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All scenarios. */
public final class Scenarios {
    private static final List<Scenario> ALL = Stream.concat(
                    Stream.of(
                            new ThroughputScenario(),
                            new OverheadScenario(),
                            new LatencyScenario(),
                            new PayloadScenario(),
                            new PolicyCostScenario(),
                            new AsyncResponseScenario()),
                    Demonstrations.all().stream().map(TheoryScenario::new))
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
        return OverheadScenario.withoutNoise(ALL.stream()
                .flatMap(scenario -> scenario
                        .compare(
                                broker,
                                runs.stream()
                                        .filter(run -> run.broker().equals(broker)
                                                && run.scenario().equals(scenario.name()))
                                        .toList())
                        .stream())
                .toList());
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
