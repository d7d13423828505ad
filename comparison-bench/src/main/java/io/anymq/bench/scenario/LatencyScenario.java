package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** How long a message takes at a steady rate, counted from when it was to be sent. */
final class LatencyScenario implements Scenario {
    private static final String LOAD = "load";
    private static final String TRICKLE = "10 msg/s";
    private static final double TRICKLE_RATE = 10;
    private static final int JUDGED_PERCENT = 30;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String claim() {
        return "Time from the intended send to the start of the handler at a steady rate, whatever becomes of the"
                + " messages before it: a slow answer does not slow the questions down.";
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        if (!context.scenarios().contains(ThroughputScenario.NAME)
                && !(context.bothArms() && context.scenarios().contains(OverheadScenario.NAME))) {
            runs.addAll(ThroughputScenario.calibration(context));
        }
        Profile profile = context.profile();
        int most = profile.latencyPercents().stream()
                .mapToInt(percent -> repetitions(percent, context))
                .max()
                .orElse(0);
        for (int repetition = 1; repetition <= most; repetition++) {
            for (int percent : profile.latencyPercents()) {
                if (repetition > repetitions(percent, context)) {
                    continue;
                }
                for (String arm : Order.shuffled(context.arms(), context.random())) {
                    runs.add(new PlannedRun(
                            name(),
                            arm,
                            parameters(percent + " %", repetition),
                            null,
                            percent,
                            profile.warmUp(),
                            percent == JUDGED_PERCENT ? profile.latencyMillis() : profile.briefMillis(),
                            profile.jvmOf(repetition)));
                }
            }
            if (profile.trickle() && repetition <= profile.latencyRepetitions()) {
                for (String arm : Order.shuffled(context.arms(), context.random())) {
                    runs.add(new PlannedRun(
                            name(),
                            arm,
                            parameters(TRICKLE, repetition),
                            new Load.Open(TRICKLE_RATE),
                            0,
                            profile.warmUp(),
                            profile.trickleMillis(),
                            profile.jvmOf(repetition)));
                }
            }
        }
        return runs;
    }

    /** The load that goals are about is measured more often, so that there can be a verdict; {@code --pairs} says how often. */
    private static int repetitions(int percent, ScenarioContext context) {
        Profile profile = context.profile();
        return percent == JUDGED_PERCENT && profile != Profile.SMOKE
                ? Math.max(profile.latencyPairs(), context.pairs() == profile.pairs() ? 0 : context.pairs())
                : profile.latencyRepetitions();
    }

    private static Map<String, Object> parameters(String load, int repetition) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(LOAD, load);
        parameters.put("pair", repetition);
        return parameters;
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<RunResult> mine = runs.stream()
                .filter(run -> run.broker().equals(broker) && run.scenario().equals(name()))
                .toList();
        Set<Object> loads = new LinkedHashSet<>();
        mine.forEach(run -> loads.add(String.valueOf(run.parameters().get(LOAD))));
        List<Comparison> comparisons = new ArrayList<>();
        for (Object load : loads) {
            List<RunResult> atLoad = mine.stream()
                    .filter(run -> load.equals(run.parameters().get(LOAD)))
                    .toList();
            PairedComparison pairs = new PairedComparison(broker, name(), Map.of(LOAD, load), atLoad);
            comparisons.add(percentile(pairs, "latency-p50", LatencyMicros::p50));
            comparisons.add(percentile(pairs, "latency-p99", LatencyMicros::p99));
        }
        return comparisons;
    }

    private static Comparison percentile(
            PairedComparison pairs, String metric, ToDoubleFunction<LatencyMicros> percentile) {
        return pairs.of(metric, true, run -> {
            LatencyMicros latency = run.latencyMicros();
            return latency == null ? null : percentile.applyAsDouble(latency);
        });
    }
}
