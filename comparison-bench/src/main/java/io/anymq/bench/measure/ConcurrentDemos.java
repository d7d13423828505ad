package io.anymq.bench.measure;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Outcome;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Crash;
import io.anymq.bench.theory.DemoContext;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Demonstrations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs demonstrations side by side, or a single one; all go through the same crash of the broker. */
final class ConcurrentDemos implements Crash {
    private static final Logger LOG = LoggerFactory.getLogger(ConcurrentDemos.class);
    private static final long PATIENCE_SECONDS = 60;

    private final List<Path> specFiles;
    private final CyclicBarrier ready;
    private final CyclicBarrier strike;

    ConcurrentDemos(List<Path> specFiles) {
        this.specFiles = specFiles;
        ready = new CyclicBarrier(specFiles.size());
        strike = new CyclicBarrier(specFiles.size(), () -> Markers.say(Markers.KILL));
    }

    void run() throws Exception {
        boolean alone = specFiles.size() == 1;
        if (alone) {
            Markers.say(Markers.BEGIN);
        }
        ExecutorService threads = Executors.newFixedThreadPool(specFiles.size());
        try {
            List<Callable<RunResult>> runs = specFiles.stream()
                    .<Callable<RunResult>>map(file -> () -> run(file))
                    .toList();
            for (Future<RunResult> run : threads.invokeAll(runs)) {
                run.get();
            }
        } finally {
            threads.shutdown();
        }
        if (alone) {
            Markers.say(Markers.END);
        }
    }

    /** A run that fails does not fail the others. */
    private RunResult run(Path file) throws IOException {
        RunSpec spec = Json.read(file, RunSpec.class);
        RunResult result;
        try {
            result = run(spec, (Load.Theory) spec.load());
        } catch (Exception e) {
            LOG.warn("{} failed; its result says so and the other demonstrations go on", spec.run(), e);
            ready.reset();
            strike.reset();
            result = RunResult.of(spec.run()).voided("it ended with " + e);
        }
        Json.write(Worker.resultOf(file), result);
        return result;
    }

    private RunResult run(RunSpec spec, Load.Theory load) throws Exception {
        long begin = System.nanoTime();
        Demonstration demonstration = Demonstrations.named(load.demonstration());
        BrokerUnderTest broker = Brokers.named(spec.run().broker());
        DemoContext demo = new DemoContext(
                context(spec, demonstration),
                this,
                broker::rawArm,
                load.thorough(),
                broker.confirmsOutliveAKill(spec.durability()));
        Outcome outcome;
        try (demo) {
            outcome = demonstration.run(load.variant(), demo);
        }
        double seconds = Math.round((System.nanoTime() - begin) / 1e7) / 100.0;
        return RunResult.of(spec.run())
                .withOutcome(outcome)
                .withHistory(demo.history())
                .withTiming(RunResult.Timing.of(seconds));
    }

    /**
     * Twenty demonstrations that begin at once ask the broker for a hundred queues; what is counted does not depend on how long
     * that takes. How long a broker is away does depend on how long a client waits for it.
     */
    private static ArmContext context(RunSpec spec, Demonstration demonstration) {
        ArmContext context = spec.context();
        return demonstration.killsTheBroker() ? context : context.with("anymq.operation-timeout", "1m");
    }

    @Override
    public void ready() {
        await(ready);
    }

    @Override
    public void strike() {
        await(strike);
    }

    private static void await(CyclicBarrier all) {
        try {
            all.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("another demonstration was not ready for the crash of the broker", e);
        }
    }
}
