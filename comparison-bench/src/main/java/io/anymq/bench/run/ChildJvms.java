package io.anymq.bench.run;

import io.anymq.bench.scenario.PlannedRun;
import java.io.IOException;
import java.nio.file.Path;
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
    private volatile @Nullable ChildJvm current;
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
        Member member = byArm.get(run.arm());
        if (member == null || !member.jvm.isAlive()) {
            member = new Member(ChildJvm.start(logs, ids.get(0)), new ArrayList<>());
            byArm.put(run.arm(), member);
        }
        member.runs.addAll(ids);
        current = member.jvm;
        if (cancelled) {
            member.jvm.cancel();
        }
        return member.jvm;
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

    /** Ends the run that is under way, and every later one at once. */
    void cancel() {
        cancelled = true;
        ChildJvm jvm = current;
        if (jvm != null) {
            jvm.cancel();
        }
    }
}
