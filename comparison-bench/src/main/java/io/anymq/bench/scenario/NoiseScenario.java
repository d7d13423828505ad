package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The plain client against itself: any difference is the machine's, so no verdict may rest on less. */
final class NoiseScenario implements Scenario {
    static final String NAME = "noise-floor";

    private static final String HALF = "half";
    private static final String FIRST = "first";
    private static final String SECOND = "second";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        int pairs = context.arms().contains(RAW) ? pairs(context) : 0;
        for (int pair = 1; pair <= pairs; pair++) {
            for (String half : List.of(FIRST, SECOND)) {
                // A JVM each: how a JVM happens to compile is part of the noise.
                runs.add(ThroughputScenario.atCapacity(context, NAME, RAW, pair, parameters(PAIR, pair, HALF, half))
                        .inItsOwnJvm());
            }
        }
        return runs;
    }

    /** The overhead's runs already include pairs of the plain client; without them this needs at least one. */
    private static int pairs(ScenarioContext context) {
        boolean others = context.bothArms() && context.scenarios().contains(OverheadScenario.NAME);
        return Math.max(others ? 0 : 1, context.profile().noisePairs());
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> own, List<RunResult> all) {
        List<RunResult> others = all.stream()
                .filter(run -> run.scenario().equals(OverheadScenario.NAME)
                        && run.arm().equals(RAW))
                .toList();
        int half = others.stream().mapToInt(NoiseScenario::pair).max().orElse(0) / 2;
        if (own.isEmpty() && half == 0) {
            return List.of();
        }
        PairedComparison pairs = new PairedComparison(
                broker,
                NAME,
                ThroughputScenario.CAPACITY,
                Stream.concat(own.stream(), others.stream()).toList(),
                new PairedComparison.Side("raw, first", run -> isHalf(run, FIRST, half)),
                new PairedComparison.Side("raw, second", run -> isHalf(run, SECOND, half)),
                run -> run.scenario()
                        + (run.scenario().equals(NAME) ? pair(run) : (pair(run) - 1) % Math.max(1, half)));
        return OverheadScenario.metrics(pairs, NoiseFloor.PREFIX);
    }

    private static int pair(RunResult run) {
        return run.run().parameters().get(PAIR) instanceof Number number ? number.intValue() : 0;
    }

    /** The overhead's plain runs are compared with those half of all pairs later: in another JVM, if there are two. */
    private static boolean isHalf(RunResult run, String which, int half) {
        if (run.scenario().equals(NAME)) {
            return which.equals(run.parameter(HALF));
        }
        int pair = pair(run);
        return which.equals(FIRST) ? pair <= half : pair > half && pair <= 2 * half;
    }
}
