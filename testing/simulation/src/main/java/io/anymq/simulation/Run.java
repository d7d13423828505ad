package io.anymq.simulation;

import io.anymq.history.Entry;
import io.anymq.history.History;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.Report;
import io.anymq.history.check.Verdict;
import io.anymq.simulation.plan.Plan;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of a plan. Immutable.
 *
 * @param plan the plan
 * @param history what happened
 * @param report the checker's; null when the run came to no end
 * @param failure what ended the run before its time, or null
 * @param turns how often another thread got its turn
 */
public record Run(
        Plan plan,
        History history,
        @Nullable Report report,
        @Nullable String failure,
        long turns) {
    /** Names of the violated invariants, and {@code END} for a run that came to no good end. Empty if all is well. */
    public Set<String> violated() {
        Set<String> names = new TreeSet<>();
        if (failure != null) {
            names.add("END");
        }
        if (report != null) {
            for (Invariant invariant : report.having(Verdict.VIOLATED)) {
                names.add(invariant.name());
            }
        }
        return names;
    }

    /** Whether nothing is wrong. */
    public boolean isClean() {
        return violated().isEmpty();
    }

    /** The history, one line for each event. */
    public String lines() {
        return history.entries().stream().map(Entry::toString).collect(Collectors.joining("\n"));
    }

    /** Everything needed to find the cause. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        text.append(violated().isEmpty() ? "nothing violated" : "violated: " + violated());
        text.append("\n\nplan: ").append(plan);
        text.append("\n\nhistory (times in ns):\n").append(lines());
        if (failure != null) {
            text.append("\n\n").append(failure);
        }
        if (report != null) {
            text.append("\n\n").append(report);
        }
        return text.toString();
    }
}
