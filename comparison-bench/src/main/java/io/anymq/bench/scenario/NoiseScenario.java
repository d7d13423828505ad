package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The plain client against itself: what differs here is the machine, so no verdict may claim less than that. */
final class NoiseScenario implements Scenario {
    static final String NAME = "noise-floor";

    private static final String PAIR = "pair";
    private static final String HALF = "half";
    private static final String WINDOW = "window";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String claim() {
        return "The plain client against itself: the overhead's own plain runs in pairs, and where there is time some more with a"
                + " JVM each: how far apart two runs of the same thing are on this machine.";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        if (!context.arms().contains(RAW)) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        for (int pair = 1; pair <= pairs(context); pair++) {
            for (String half : List.of("first", "second")) {
                Map<String, Object> parameters = new LinkedHashMap<>();
                parameters.put(WINDOW, ThroughputScenario.LARGEST_WINDOW);
                parameters.put(PAIR, pair);
                parameters.put(HALF, half);
                runs.add(new PlannedRun(
                        NAME,
                        RAW,
                        parameters,
                        new Load.Closed(ThroughputScenario.LARGEST_WINDOW),
                        0,
                        context.profile().warmUp(),
                        context.profile().measureMillis(),
                        // A JVM each: how one happened to compile is part of the noise.
                        0));
            }
        }
        return runs;
    }

    /** The overhead's runs hold pairs of the plain client already; without them there has to be one here. */
    private static int pairs(ScenarioContext context) {
        boolean others = context.bothArms() && context.scenarios().contains(OverheadScenario.NAME);
        return others
                ? context.profile().noisePairs()
                : Math.max(1, context.profile().noisePairs());
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<RunResult> own = runs.stream()
                .filter(run -> run.broker().equals(broker) && run.scenario().equals(NAME))
                .toList();
        List<RunResult> others = runs.stream()
                .filter(run -> run.broker().equals(broker)
                        && run.scenario().equals(OverheadScenario.NAME)
                        && run.arm().equals(RAW))
                .toList();
        int half = others.stream().mapToInt(NoiseScenario::pair).max().orElse(0) / 2;
        if (own.isEmpty() && half == 0) {
            return List.of();
        }
        List<RunResult> mine = new ArrayList<>(own);
        mine.addAll(others);
        PairedComparison pairs = new PairedComparison(
                broker,
                NAME,
                Map.of(WINDOW, ThroughputScenario.LARGEST_WINDOW),
                mine,
                new PairedComparison.Side("raw, first", run -> isFirst(run, half)),
                new PairedComparison.Side("raw, second", run -> isSecond(run, half)),
                run -> run.scenario().equals(NAME)
                        ? NAME + pair(run)
                        : "overhead" + (pair(run) - 1) % Math.max(1, half));
        return List.of(
                pairs.of(NoiseFloor.PREFIX + "throughput", false, RunResult::messagesPerSecond),
                pairs.of(NoiseFloor.PREFIX + "cpu-per-message", true, RunResult::cpuMicrosPerMessage),
                pairs.of(NoiseFloor.PREFIX + "allocated-per-message", true, RunResult::allocatedBytesPerMessage));
    }

    private static int pair(RunResult run) {
        return run.parameters().get(PAIR) instanceof Number number ? number.intValue() : 0;
    }

    /** The overhead's plain runs are set against those that lie half of all pairs later: in another JVM, if there are two. */
    private static boolean isFirst(RunResult run, int half) {
        return run.scenario().equals(NAME) ? "first".equals(run.parameters().get(HALF)) : pair(run) <= half;
    }

    private static boolean isSecond(RunResult run, int half) {
        return run.scenario().equals(NAME)
                ? "second".equals(run.parameters().get(HALF))
                : pair(run) > half && pair(run) <= 2 * half;
    }
}
