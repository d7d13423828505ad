package io.anymq.bench.measure;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.HistoryCheck;
import io.anymq.bench.result.Outcome;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Crash;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Demonstrations;
import io.anymq.bench.theory.Stage;

/** One variant of a demonstration: what was counted becomes the run's findings. */
final class DemonstrationRun {
    private final RunSpec spec;
    private final Load.Theory load;
    private final Crash crash;

    DemonstrationRun(RunSpec spec, Load.Theory load, Crash crash) {
        this.spec = spec;
        this.load = load;
        this.crash = crash;
    }

    RunResult run() throws Exception {
        RunResult.Builder result = spec.result();
        long begin = System.nanoTime();
        Demonstration demonstration = Demonstrations.named(load.demonstration());
        BrokerUnderTest broker = Brokers.named(spec.broker());
        Outcome outcome;
        Stage stage = new Stage(
                context(demonstration),
                crash,
                broker::rawArm,
                load.thorough(),
                broker.confirmsOutliveAKill(spec.durability()));
        try (stage) {
            outcome = demonstration.run(load.variant(), stage);
        }
        HistoryCheck history = stage.history();
        result.outcome(outcome);
        if (history != null) {
            result.history(history);
        }
        return result.measuredSeconds(Math.round((System.nanoTime() - begin) / 1e7) / 100.0)
                .build();
    }

    /**
     * Twenty demonstrations that begin at once ask the broker for a hundred queues, and what is counted does not depend on how
     * long that takes. How long a broker is away does depend on how long one waits for it.
     */
    private ArmContext context(Demonstration demonstration) {
        ArmContext context = spec.context();
        return demonstration.killsTheBroker() ? context : context.with("anymq.operation-timeout", "1m");
    }
}
