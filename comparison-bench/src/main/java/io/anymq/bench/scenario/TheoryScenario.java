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
final class TheoryScenario {
    private TheoryScenario() {}

    static Scenario of(Demonstration demonstration) {
        return new Scenario(
                demonstration.name(),
                context -> plan(demonstration, context),
                (broker, runs) -> compare(demonstration, broker, runs));
    }

    private static List<PlannedRun> plan(Demonstration demonstration, ScenarioContext context) {
        boolean kills = demonstration.killsTheBroker();
        if (kills && Brokers.named(context.broker()).kind().isEmpty()) {
            return List.of();
        }
        boolean thorough = context.extent().thorough();
        double seconds = thorough ? demonstration.thoroughSeconds() : demonstration.quickSeconds();
        List<PlannedRun> runs = new ArrayList<>();
        for (int repetition = 1; repetition <= (kills ? context.extent().crashes() : 1); repetition++) {
            for (String variant : demonstration.variants()) {
                if (context.options().arms().contains(demonstration.arm(variant))) {
                    runs.add(new PlannedRun(
                            demonstration.name(),
                            demonstration.arm(variant),
                            kills ? parameters("variant", variant, PAIR, repetition) : parameters("variant", variant),
                            new Load.Theory(demonstration.name(), variant, seconds, thorough),
                            context.extent().warmUp(),
                            0,
                            PlannedRun.THEORY_JVM,
                            demonstration.group() + (kills ? repetition : ""),
                            PlannedRun.Setup.USUAL));
                }
            }
        }
        return runs;
    }

    /** Pauses of the arms in the same crashes. */
    private static List<Comparison> compare(Demonstration demonstration, String broker, List<RunResult> runs) {
        return !demonstration.killsTheBroker() || runs.isEmpty()
                ? List.of()
                : List.of(new PairedComparison(broker, demonstration.name(), Map.of(), runs)
                        .of("failover-pause", true, run -> run.finding(Failover.PAUSE)));
    }
}
