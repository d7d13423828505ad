package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.measure.Load;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many messages per second go all the way, depending on how many may be in flight. */
final class ThroughputScenario {
    static final String NAME = "throughput";
    static final int LARGEST_WINDOW = 1_000;

    /** The parameter that runs at capacity have in common. */
    static final Map<String, Object> CAPACITY = Map.of("window", LARGEST_WINDOW);

    private static final List<Integer> WINDOWS = List.of(1, 192, LARGEST_WINDOW);

    private ThroughputScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        for (int repetition = 1; repetition <= context.extent().throughputRepetitions(); repetition++) {
            for (int window : windows(context)) {
                for (String arm : context.shuffledArms()) {
                    runs.add(run(context, arm, window, repetition));
                }
            }
        }
        return runs;
    }

    /** The overhead's runs use the largest window, and there are more of them. */
    private static List<Integer> windows(ScenarioContext context) {
        boolean measuredThere = context.bothArms()
                && context.scenarios().contains(OverheadScenario.NAME)
                && context.profile() != Profile.SMOKE;
        return measuredThere ? WINDOWS.subList(0, WINDOWS.size() - 1) : WINDOWS;
    }

    /** One run at the largest window per arm, for a scenario that needs to know the capacity. */
    static List<PlannedRun> calibration(ScenarioContext context) {
        return context.arms().stream()
                .map(arm -> run(context, arm, LARGEST_WINDOW, 1))
                .toList();
    }

    private static PlannedRun run(ScenarioContext context, String arm, int window, int repetition) {
        long millis = context.extent().briefMillis();
        Map<String, Object> parameters = parameters("window", window, "repetition", repetition);
        return context.run(NAME, arm, repetition, new Load.Closed(window), millis, parameters);
    }

    /** A run of another scenario at the largest window. */
    static PlannedRun atCapacity(
            ScenarioContext context, String scenario, String arm, int pair, Map<String, Object> more) {
        Map<String, Object> parameters = new LinkedHashMap<>(CAPACITY);
        parameters.putAll(more);
        long millis = context.extent().measureMillis();
        return context.run(scenario, arm, pair, new Load.Closed(LARGEST_WINDOW), millis, parameters);
    }
}
