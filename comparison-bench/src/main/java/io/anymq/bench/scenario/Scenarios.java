package io.anymq.bench.scenario;

import java.util.List;
import java.util.stream.Collectors;

/** The scenarios there are. */
public final class Scenarios {
    private static final List<Scenario> ALL = List.of(
            new ThroughputScenario(), new OverheadScenario(), new LatencyScenario(), new AsyncResponseScenario());

    private Scenarios() {}

    /** In the order in which they are run; later ones may build on earlier ones. */
    public static List<Scenario> all() {
        return ALL;
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
