package io.anymq.bench.run;

import io.anymq.bench.measure.RunSpec;
import io.anymq.bench.scenario.PlannedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JVMs of the runs that are made side by side: one for each arm, alive together so that their measured times can take
 * turns. The one that is not measured is idle. {@link #cancel()} from any thread, everything else from one.
 */
final class ChildJvms {
    private final Path logs;
    private final Map<String, ChildJvm> byArm = new LinkedHashMap<>();
    private @Nullable PlannedRun last;
    private volatile List<ChildJvm> current = List.of();
    private volatile boolean cancelled;

    ChildJvms(Path logs) {
        this.logs = logs;
    }

    /** Whether the JVMs that are alive are of no use to {@code run}, and {@link #end()} is due. */
    boolean mustEndBefore(PlannedRun run) {
        PlannedRun before = last;
        return before != null && !run.sameGroup(before);
    }

    /** Whether there are any. */
    boolean isEmpty() {
        return byArm.isEmpty();
    }

    /** The JVM that makes {@code run}; started with this name for its log if its arm has none. */
    ChildJvm of(PlannedRun run, String name) throws IOException {
        last = run;
        ChildJvm jvm = jvm(run.arm(), name);
        now(List.of(jvm));
        return jvm;
    }

    private ChildJvm jvm(String arm, String name) throws IOException {
        ChildJvm jvm = byArm.get(arm);
        if (jvm == null || !jvm.isAlive()) {
            jvm = ChildJvm.start(logs, name);
            byArm.put(arm, jvm);
        }
        return jvm;
    }

    private void now(List<ChildJvm> jvms) {
        current = List.copyOf(jvms);
        if (cancelled) {
            cancel();
        }
    }

    /**
     * Starts a JVM for each arm and has them warm up at the same time: nothing is measured meanwhile, and each compiler has
     * a processor. {@code specs} are the first runs of the arms, {@code first} is the first of them.
     */
    void warmUp(PlannedRun first, List<RunSpec> specs, Duration patience) throws IOException, InterruptedException {
        last = first;
        List<ChildJvm> warming = new ArrayList<>();
        for (RunSpec spec : specs) {
            ChildJvm jvm = jvm(spec.run().arm(), spec.run().id());
            warming.add(jvm);
            now(warming);
            jvm.warmUp(spec);
        }
        for (ChildJvm jvm : warming) {
            jvm.awaitWarm(patience);
        }
    }

    /** Ends all; returns why runs do not count after all, by their id. */
    Map<String, String> end() throws IOException, InterruptedException {
        Map<String, String> late = new LinkedHashMap<>();
        for (ChildJvm jvm : byArm.values()) {
            String reason = jvm.end();
            if (reason != null) {
                jvm.made().forEach(run -> late.put(run, reason));
            }
        }
        byArm.clear();
        last = null;
        return late;
    }

    /** Ends the current run, and every later one at once. */
    void cancel() {
        cancelled = true;
        current.forEach(ChildJvm::cancel);
    }
}
