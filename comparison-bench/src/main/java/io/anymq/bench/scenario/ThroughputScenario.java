package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many messages a second go all the way, depending on how many may be under way. */
final class ThroughputScenario implements Scenario {
    static final String NAME = "throughput";
    static final int LARGEST_WINDOW = 1_000;

    private static final List<Integer> WINDOWS = List.of(1, 192, LARGEST_WINDOW);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String claim() {
        return "Messages sent, confirmed and handled per second with 1, 192 and 1,000 of them under way: one at a time"
                + " shows the round trip, 1,000 the capacity.";
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        for (int repetition = 1; repetition <= context.profile().throughputRepetitions(); repetition++) {
            for (int window : windows(context)) {
                for (String arm : Order.shuffled(context.arms(), context.random())) {
                    runs.add(run(context, arm, window, repetition));
                }
            }
        }
        return runs;
    }

    /** The overhead's runs are of the largest window, and there are more of them. */
    private static List<Integer> windows(ScenarioContext context) {
        boolean measuredThere = context.bothArms()
                && context.scenarios().contains(OverheadScenario.NAME)
                && context.profile() != Profile.SMOKE;
        return measuredThere ? WINDOWS.subList(0, WINDOWS.size() - 1) : WINDOWS;
    }

    /** One run at the largest window per arm, for a scenario that needs to know the maximum. */
    static List<PlannedRun> calibration(ScenarioContext context) {
        return context.arms().stream()
                .map(arm -> run(context, arm, LARGEST_WINDOW, 1))
                .toList();
    }

    private static PlannedRun run(ScenarioContext context, String arm, int window, int repetition) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("window", window);
        parameters.put("repetition", repetition);
        return new PlannedRun(
                NAME,
                arm,
                parameters,
                new Load.Closed(window),
                0,
                context.profile().warmUp(),
                context.profile().briefMillis(),
                context.profile().jvmOf(repetition));
    }
}
