package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long a message takes at a steady rate, counted from its intended send time. */
final class LatencyScenario {
    static final String NAME = "latency";
    private static final String LOAD = "load";
    private static final Load TRICKLE = new Load.Open(10);
    private static final int JUDGED_PERCENT = 30;

    private LatencyScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        if (!context.scenarios().contains(ThroughputScenario.NAME)
                && !(context.bothArms() && context.scenarios().contains(OverheadScenario.NAME))) {
            runs.addAll(ThroughputScenario.calibration(context));
        }
        Profile.Extent extent = context.extent();
        int most = extent.latencyPercents().stream()
                .mapToInt(percent -> repetitions(percent, context))
                .max()
                .orElse(0);
        for (int repetition = 1; repetition <= most; repetition++) {
            for (int percent : extent.latencyPercents()) {
                if (repetition <= repetitions(percent, context)) {
                    long millis = percent == JUDGED_PERCENT ? extent.latencyMillis() : extent.briefMillis();
                    runs.addAll(runs(context, percent + " %", repetition, new Load.Share(percent), millis));
                }
            }
            if (extent.trickle() && repetition <= extent.latencyRepetitions()) {
                runs.addAll(runs(context, "10 msg/s", repetition, TRICKLE, extent.trickleMillis()));
            }
        }
        return runs;
    }

    /** The load that goals are about is measured more often, for a verdict; {@code --pairs} says how often. */
    private static int repetitions(int percent, ScenarioContext context) {
        Profile.Extent extent = context.extent();
        return percent == JUDGED_PERCENT && context.profile() != Profile.SMOKE
                ? Math.max(extent.latencyPairs(), context.pairs() == extent.pairs() ? 0 : context.pairs())
                : extent.latencyRepetitions();
    }

    private static List<PlannedRun> runs(ScenarioContext context, String name, int repetition, Load load, long millis) {
        return context.shuffledArms().stream()
                .map(arm -> context.run(NAME, arm, repetition, load, millis, parameters(LOAD, name, PAIR, repetition)))
                .toList();
    }

    static List<Comparison> compare(String broker, List<RunResult> own) {
        Set<String> loads = new LinkedHashSet<>();
        own.forEach(run -> loads.add(run.parameter(LOAD)));
        List<Comparison> comparisons = new ArrayList<>();
        for (String load : loads) {
            PairedComparison pairs = new PairedComparison(
                    broker,
                    NAME,
                    Map.of(LOAD, load),
                    own.stream().filter(run -> load.equals(run.parameter(LOAD))).toList());
            comparisons.add(pairs.of("latency-p50", true, run -> run.latency().p50()));
            comparisons.add(pairs.of("latency-p99", true, run -> run.latency().p99()));
        }
        return comparisons;
    }
}
