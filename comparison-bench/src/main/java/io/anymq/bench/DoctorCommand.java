package io.anymq.bench;

import io.anymq.bench.run.Checkup;
import io.anymq.bench.run.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at the machine and at every broker before a measurement. */
@Command(
        name = "doctor",
        description =
                "Checks processors, timer, disk and noise, and that each broker starts with the settings claimed.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions options = new PlanOptions();

    @Override
    public Integer call() throws Exception {
        return Checkup.of(options.toOptions(), System.out) ? ExitCode.OK : ExitCode.INCOMPLETE;
    }
}
