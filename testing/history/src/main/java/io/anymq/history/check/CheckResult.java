package io.anymq.history.check;

import java.util.List;
import java.util.Locale;

/**
 * The findings of one invariant's check.
 *
 * @param invariant the checked invariant
 * @param verdict its verdict
 * @param facts how many things were checked that could have been violations
 * @param excused how many of them were not as they should be, but follow from a fault, a crash or a close in the
 *     history
 * @param violationCount how many were violations
 * @param violations the first of them, at most {@link HistoryChecker#KEPT}
 */
public record CheckResult(
        Invariant invariant,
        Verdict verdict,
        long facts,
        long excused,
        long violationCount,
        List<Violation> violations) {
    /** Copies the list. */
    public CheckResult {
        violations = List.copyOf(violations);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-4s %-9s %,12d facts %,8d excused %,8d violations  %s",
                invariant,
                verdict,
                facts,
                excused,
                violationCount,
                invariant.sentence());
    }
}
