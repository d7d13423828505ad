package io.anymq.bench.result;

import io.anymq.history.History;
import io.anymq.history.check.CheckResult;
import io.anymq.history.check.Expectations;
import io.anymq.history.check.HistoryChecker;
import io.anymq.history.check.Invariant;
import io.anymq.history.check.Report;
import io.anymq.history.check.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history checker's verdict on a run.
 *
 * @param messages messages recorded from send to settlement
 * @param events their events
 * @param everything whether these were all the messages of the run
 * @param proven invariants that had something to check and held: {@code I1} …
 * @param violations a sentence for each violation; empty in a run that counts
 */
public record HistoryCheck(
        long messages, long events, boolean everything, List<String> proven, List<String> violations) {
    private static final int KEPT = 5;

    /** Copies the lists. */
    public HistoryCheck {
        proven = List.copyOf(proven);
        violations = List.copyOf(violations);
    }

    /** Checks a history. */
    public static HistoryCheck of(History history, Expectations expectations, long messages, boolean everything) {
        Report report = HistoryChecker.check(history, expectations);
        List<String> proven =
                report.having(Verdict.PASSED).stream().map(Invariant::name).toList();
        List<String> violations = new ArrayList<>();
        for (CheckResult result : report.results()) {
            if (result.verdict() == Verdict.VIOLATED) {
                violations.add(result.invariant() + ", " + result.violationCount() + " times: "
                        + result.invariant().sentence());
            }
        }
        report.violations().stream()
                .limit(KEPT)
                .forEach(violation -> violations.add(violation.invariant() + ": " + violation.sentence()));
        return new HistoryCheck(messages, history.size(), everything, proven, violations);
    }

    /** Why the run does not count, or null if it does. */
    public @Nullable String flaw() {
        return violations.isEmpty() ? null : "the history violates " + violations.get(0);
    }
}
