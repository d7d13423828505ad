package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Failover;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A claim of the theory, shown in each of its variants; through AnyMQ where it is about policies. */
record TheoryScenario(Demonstration demonstration) implements Scenario {
    @Override
    public String name() {
        return demonstration.name();
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        boolean embedded = Brokers.named(context.broker()).kind().isEmpty();
        if (demonstration.killsTheBroker() && embedded) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        int times = demonstration.killsTheBroker() ? context.extent().crashes() : 1;
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
        boolean thorough = context.extent().thorough();
        boolean kills = demonstration.killsTheBroker();
        double seconds = thorough ? demonstration.thoroughSeconds() : demonstration.quickSeconds();
        return new PlannedRun(
                name(),
                demonstration.arm(variant),
                kills ? parameters("variant", variant, PAIR, repetition) : parameters("variant", variant),
                new Load.Theory(name(), variant, seconds, thorough),
                context.extent().warmUp(),
                0,
                PlannedRun.THEORY_JVM,
                demonstration.group() + (kills ? repetition : ""),
                PlannedRun.Setup.USUAL);
    }

    /** Pauses of the arms in the same crashes. */
    @Override
    public List<Comparison> compare(String broker, List<RunResult> own) {
        return !demonstration.killsTheBroker() || own.isEmpty()
                ? List.of()
                : List.of(new PairedComparison(broker, name(), Map.of(), own)
                        .of("failover-pause", true, run -> run.finding(Failover.PAUSE)));
    }
}
