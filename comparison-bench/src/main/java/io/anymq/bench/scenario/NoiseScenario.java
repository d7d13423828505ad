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
        return "The plain client against itself, in pairs like those of the overhead: how far apart two runs of the same thing"
                + " are on this machine.";
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
        for (int pair = 1; pair <= context.profile().noisePairs(); pair++) {
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

    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<RunResult> mine = runs.stream()
                .filter(run -> run.broker().equals(broker) && run.scenario().equals(NAME))
                .toList();
        if (mine.isEmpty()) {
            return List.of();
        }
        PairedComparison pairs = new PairedComparison(
                broker,
                NAME,
                Map.of(WINDOW, ThroughputScenario.LARGEST_WINDOW),
                mine,
                new PairedComparison.Side("raw, first", run -> isHalf(run, "first")),
                new PairedComparison.Side("raw, second", run -> isHalf(run, "second")));
        return List.of(
                pairs.of(NoiseFloor.PREFIX + "throughput", false, RunResult::messagesPerSecond),
                pairs.of(NoiseFloor.PREFIX + "cpu-per-message", true, RunResult::cpuMicrosPerMessage),
                pairs.of(NoiseFloor.PREFIX + "allocated-per-message", true, RunResult::allocatedBytesPerMessage));
    }

    private static boolean isHalf(RunResult run, String half) {
        return half.equals(run.parameters().get(HALF));
    }
}
