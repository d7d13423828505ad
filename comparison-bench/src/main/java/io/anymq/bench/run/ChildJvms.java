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
    /** A JVM that has ended badly, and the runs that it made. */
    record Late(String reason, List<String> runs) {}

    private record Member(ChildJvm jvm, List<String> runs) {}

    private final Path logs;
    private final Map<String, Member> byArm = new LinkedHashMap<>();
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

    /** The JVM that makes {@code run}, and what is made beside it; started if its arm has none. */
    ChildJvm of(PlannedRun run, List<String> ids) throws IOException {
        last = run;
        Member member = member(run.arm(), ids.get(0));
        member.runs.addAll(ids);
        current = List.of(member.jvm);
        if (cancelled) {
            member.jvm.cancel();
        }
        return member.jvm;
    }

    private Member member(String arm, String name) throws IOException {
        Member member = byArm.get(arm);
        if (member == null || !member.jvm.isAlive()) {
            member = new Member(ChildJvm.start(logs, name), new ArrayList<>());
            byArm.put(arm, member);
        }
        return member;
    }

    /** Whether there are any. */
    boolean isEmpty() {
        return byArm.isEmpty();
    }

    /**
     * Starts a JVM for each arm and has them warm up at the same time: nothing is measured meanwhile, and each compiler has
     * a processor. {@code specs} are the first runs of the arms, {@code first} is the first of them.
     */
    void warmUp(PlannedRun first, List<RunSpec> specs, Duration patience) throws IOException, InterruptedException {
        last = first;
        List<ChildJvm> warming = new ArrayList<>();
        for (RunSpec spec : specs) {
            ChildJvm jvm = member(spec.run().arm(), spec.run().id()).jvm;
            warming.add(jvm);
            current = List.copyOf(warming);
            jvm.warmUp(spec);
        }
        if (cancelled) {
            cancel();
        }
        for (int i = 0; i < warming.size(); i++) {
            warming.get(i).awaitWarm(specs.get(i), patience);
        }
    }

    /** Ends all; returns those whose runs do not count after all. */
    List<Late> end() throws IOException, InterruptedException {
        List<Late> late = new ArrayList<>();
        for (Member member : byArm.values()) {
            String reason = member.jvm.end();
            if (reason != null) {
                late.add(new Late(reason, member.runs));
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
