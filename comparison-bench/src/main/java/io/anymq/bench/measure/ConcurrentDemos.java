package io.anymq.bench.measure;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.DemoContext;
import io.anymq.bench.theory.Demonstration;
import io.anymq.bench.theory.Demonstrations;
import java.io.IOException;
import java.util.ArrayList;
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
final class ConcurrentDemos implements DemoContext.Crash {
    private static final Logger LOG = LoggerFactory.getLogger(ConcurrentDemos.class);
    private static final long PATIENCE_SECONDS = 60;

    private final List<RunSpec> specs;
    private final CyclicBarrier ready;
    private final CyclicBarrier strike;

    ConcurrentDemos(List<RunSpec> specs) {
        this.specs = specs;
        ready = new CyclicBarrier(specs.size());
        strike = new CyclicBarrier(specs.size(), () -> Worker.say(Worker.KILL));
    }

    void run() throws Exception {
        boolean alone = specs.size() == 1;
        if (alone) {
            Worker.say(Worker.MEASURE_FROM);
        }
        ExecutorService threads = Executors.newFixedThreadPool(specs.size());
        try {
            List<Callable<RunSpec>> runs = new ArrayList<>();
            specs.forEach(spec -> runs.add(() -> run(spec)));
            for (Future<RunSpec> run : threads.invokeAll(runs)) {
                run.get();
            }
        } finally {
            threads.shutdown();
        }
        if (alone) {
            Worker.say(Worker.MEASURE_TO);
        }
    }

    /** A run that fails does not fail the others. */
    private RunSpec run(RunSpec spec) throws IOException {
        RunResult result = RunResult.of(spec.run());
        try {
            result = run(spec, (Load.Theory) spec.load(), result);
        } catch (Exception e) {
            LOG.warn("{} failed; its result says so and the other demonstrations go on", spec.run(), e);
            ready.reset();
            strike.reset();
            result = result.voided("it ended with " + e);
        }
        Worker.say(result);
        return spec;
    }

    private RunResult run(RunSpec spec, Load.Theory load, RunResult result) throws Exception {
        Demonstration demonstration = Demonstrations.named(load.demonstration());
        BrokerUnderTest broker = Brokers.named(spec.run().broker());
        // Twenty demonstrations that begin at once ask the broker for a hundred queues, and what is counted does not
        // depend
        // on how long that takes. How long a broker is away does depend on how long a client waits for it.
        ArmContext context =
                demonstration.killsTheBroker() ? spec.context() : spec.context().with("anymq.operation-timeout", "1m");
        boolean outlive = broker.confirmsOutliveAKill(spec.durability());
        DemoContext.Settings settings =
                new DemoContext.Settings(context, this, broker::rawArm, load.thorough(), outlive);
        return demonstration.run(load.variant(), settings, result);
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
