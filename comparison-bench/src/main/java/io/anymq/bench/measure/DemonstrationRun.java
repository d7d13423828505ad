package io.anymq.bench.measure;

import io.anymq.bench.result.Outcome;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Demonstrations;
import io.anymq.bench.theory.Stage;

/** One variant of a demonstration: what was counted becomes the run's findings. */
final class DemonstrationRun {
    private final RunSpec spec;
    private final Load.Theory load;

    DemonstrationRun(RunSpec spec, Load.Theory load) {
        this.spec = spec;
        this.load = load;
    }

    RunResult run() throws Exception {
        RunResult.Builder result = spec.result();
        long begin = System.nanoTime();
        Demonstration demonstration = Demonstrations.named(load.demonstration());
        Outcome outcome;
        try (Stage stage = new Stage(spec.context(), () -> Markers.say(Markers.KILL))) {
            outcome = demonstration.run(load.variant(), stage);
        }
        double seconds = Math.round((System.nanoTime() - begin) / 1e7) / 100.0;
        return result.outcome(outcome).measuredSeconds(seconds).build();
    }
}
