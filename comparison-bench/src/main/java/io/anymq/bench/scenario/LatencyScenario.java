package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long a message takes at a steady rate, counted from its intended send time. */
public final class LatencyScenario {
    /** As in {@code --scenarios}. */
    public static final String NAME = "latency";

    private static final String LOAD = "load";
    private static final int JUDGED_PERCENT = 30;

    private LatencyScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        Profile.Extent extent = context.extent();
        // The load that goals are about is measured more often, for a verdict; --pairs says how often.
        int pairs = context.options().pairs();
        int judged = context.options().profile() == Profile.SMOKE
                ? extent.latencyRepetitions()
                : Math.max(extent.latencyPairs(), pairs == extent.pairs() ? 0 : pairs);
        List<PlannedRun> runs = new ArrayList<>(CapacityScenarios.calibration(context));
        for (int repetition = 1; repetition <= Math.max(judged, extent.latencyRepetitions()); repetition++) {
            for (int percent : extent.latencyPercents()) {
                boolean goal = percent == JUDGED_PERCENT;
                if (repetition <= (goal ? judged : extent.latencyRepetitions())) {
                    long millis = goal ? extent.latencyMillis() : extent.briefMillis();
                    runs.addAll(runs(context, percent + " %", repetition, new Load.Share(percent), millis));
                }
            }
            if (extent.trickle() && repetition <= extent.latencyRepetitions()) {
                runs.addAll(runs(context, "10 msg/s", repetition, new Load.Open(10), extent.trickleMillis()));
            }
        }
        return runs;
    }

    private static List<PlannedRun> runs(ScenarioContext context, String name, int repetition, Load load, long millis) {
        return context.shuffledArms().stream()
                .map(arm -> context.run(NAME, arm, repetition, load, millis, parameters(LOAD, name, PAIR, repetition)))
                .toList();
    }

    static List<Comparison> compare(String broker, List<RunResult> own) {
        List<Comparison> comparisons = new ArrayList<>();
        own.stream().map(run -> run.parameter(LOAD)).distinct().forEach(load -> {
            List<RunResult> runs =
                    own.stream().filter(run -> load.equals(run.parameter(LOAD))).toList();
            PairedComparison pairs = new PairedComparison(broker, NAME, Map.of(LOAD, load), runs);
            comparisons.add(pairs.of("latency-p50", true, run -> run.latency().p50()));
            comparisons.add(pairs.of("latency-p99", true, run -> run.latency().p99()));
        });
        return comparisons;
    }
}
