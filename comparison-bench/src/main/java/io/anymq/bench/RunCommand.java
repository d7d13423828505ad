package io.anymq.bench;

import io.anymq.bench.report.Outputs;
import io.anymq.bench.report.Summary;
import io.anymq.bench.result.Results;
import io.anymq.bench.run.CompareOptions;
import io.anymq.bench.run.Comparer;
import io.anymq.bench.run.EnvironmentProbe;
import io.anymq.bench.run.ExitCode;
import io.anymq.bench.run.Plan;
import io.anymq.bench.run.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures and writes the report. */
@Command(
        name = "run",
        description = "Measures and writes the report. Ctrl-C keeps what was measured.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final int SECONDS_TO_WRAP_UP = 40;

    @Mixin
    private PlanOptions options = new PlanOptions();

    @Option(names = "--strict", description = "Exit with 4 if a goal is missed.")
    private boolean strict;

    @Override
    public Integer call() throws Exception {
        CompareOptions wanted = options.toOptions();
        requireWritable(wanted.out());
        Plan plan = options.toPlan(wanted);
        PrintStream err = System.err;
        Progress progress = new Progress(err, Progress.isTerminal(), plan.size(), plan.estimatedSeconds());
        progress.say(plan.size() + " runs, about " + Progress.duration(plan.estimatedSeconds()) + "; profile "
                + wanted.profile() + ", seed " + wanted.seed());
        Comparer comparer = new Comparer(wanted, plan, progress);

        CountDownLatch written = new CountDownLatch(1);
        Thread hook = new Thread(() -> wrapUp(comparer, written), "bench-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        Results results;
        try {
            comparer.run();
        } finally {
            try {
                results = comparer.results(EnvironmentProbe.probe());
                Outputs.write(wanted.out(), results);
                progress.say("report: "
                        + wanted.out().resolve(Outputs.REPORT).toAbsolutePath().normalize());
            } finally {
                written.countDown();
            }
        }
        if (!results.plan().interrupted()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        System.out.println(Summary.render(results));
        return ExitCode.of(results, strict);
    }

    /** Found out now, not when an hour has been spent. */
    private static void requireWritable(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "writable", ".tmp"));
        } catch (IOException e) {
            throw new IllegalArgumentException("--out: cannot write to " + folder + ": " + e, e);
        }
    }

    /** Runs when the JVM is told to end: the measuring thread still writes what there is. */
    private static void wrapUp(Comparer comparer, CountDownLatch written) {
        comparer.interrupt();
        try {
            if (!written.await(SECONDS_TO_WRAP_UP, TimeUnit.SECONDS)) {
                System.err.println("compare: the report could not be finished in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
