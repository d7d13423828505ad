package io.anymq.bench.measure;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.RunResult;
import java.io.IOException;
import java.nio.file.Path;

/** The child JVM: makes the one run it is told to, writes its result and ends. */
public final class Worker {
    private Worker() {}

    /** Arguments: the file with the {@link RunSpec}, the file for the {@link RunResult}. */
    public static void main(String[] args) throws Exception {
        Thread watchdog = new Thread(Worker::endWithTheParent, "bench-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        RunSpec spec = Json.read(Path.of(args[0]), RunSpec.class);
        Arm arm = Brokers.named(spec.broker()).arm(spec.arm());
        RunResult result = spec.load() instanceof Load.SlowDownstream slow
                ? new DownstreamMeasurement(spec, slow, arm).run()
                : new Measurement(spec, arm).run();
        Json.write(Path.of(args[1]), result);
        // A thread that an arm leaves behind would keep this JVM, and the comparison, from ending.
        System.exit(0);
    }

    /** The parent holds the other end of standard input: it closes when the parent dies, however that comes about. */
    private static void endWithTheParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written to it.
            }
            Runtime.getRuntime().halt(3);
        } catch (IOException e) {
            Runtime.getRuntime().halt(3);
        }
    }
}
