package io.anymq.bench.scenario;

import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Failover;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A claim of the theory, shown in each of its variants; through AnyMQ where it is about what policies do. */
final class TheoryScenario implements Scenario {
    private final Demonstration demonstration;

    TheoryScenario(Demonstration demonstration) {
        this.demonstration = demonstration;
    }

    @Override
    public String name() {
        return demonstration.name();
    }

    @Override
    public String claim() {
        return demonstration.claim();
    }

    @Override
    public List<String> answers() {
        return demonstration.answers();
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        boolean embedded = Brokers.named(context.broker()).kind().isEmpty();
        if (demonstration.needsAServer() && embedded) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        int times = demonstration.killsTheBroker() ? context.profile().crashes() : 1;
        for (int repetition = 1; repetition <= times; repetition++) {
            for (String variant : demonstration.variants()) {
                if (context.arms().contains(demonstration.arm(variant))) {
                    runs.add(run(context, variant, repetition));
                }
            }
        }
        return runs;
    }

    private PlannedRun run(ScenarioContext context, String variant, int repetition) {
        boolean thorough = context.profile().thorough();
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("variant", variant);
        if (demonstration.killsTheBroker()) {
            parameters.put("pair", repetition);
        }
        return new PlannedRun(
                name(),
                demonstration.arm(variant),
                parameters,
                new Load.Theory(name(), variant, demonstration.estimatedSeconds(thorough), thorough),
                0,
                context.profile().warmUp(),
                0,
                PlannedRun.THEORY_JVM,
                demonstration.company() + (demonstration.killsTheBroker() ? repetition : ""),
                PlannedRun.Setup.USUAL);
    }

    /** Pauses of the arms in the same crashes. */
    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<RunResult> mine = runs.stream()
                .filter(run -> run.broker().equals(broker) && run.scenario().equals(name()))
                .toList();
        if (!demonstration.killsTheBroker() || mine.isEmpty()) {
            return List.of();
        }
        return List.of(new PairedComparison(broker, name(), Map.of(), mine)
                .of(
                        "failover-pause",
                        true,
                        run -> run.findings() == null ? null : run.findings().get(Failover.PAUSE)));
    }
}
