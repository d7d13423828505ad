package io.anymq.history.check;

import io.anymq.history.History;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a history against {@link Invariant I1 to I14}.
 *
 * <p>It reports only proven violations. An order that cannot be known, because two processes wrote at the same time, is
 * no violation; neither are effects that a crash, a fault or a close in the history explains, but these are counted as
 * excused. And it does not praise without proof either: an invariant that had nothing to check is {@link
 * Verdict#VACUOUS}, not passed.
 *
 * <p>Time grows with n log n, and memory with n: some 250 bytes per event besides the history itself.
 */
public final class HistoryChecker {
    /** The number of violations of an invariant that are kept with their proofs; the rest is only counted. */
    public static final int KEPT = 20;

    private static final List<Check> CHECKS = List.of(
            new NothingLost(),
            new NothingInvented(),
            new RejectedNeverAppears(),
            new SendsEnd(),
            new KeysInOrder(),
            new NoOverlap(),
            new AttemptsCount(),
            new BackoffKept(),
            new OtherKeysGoOn(),
            new OutputsBeforeSettlement(),
            new OneEffect(),
            new BacklogEmpties(),
            new CloseLosesNothing(),
            new OwnCopy());

    private HistoryChecker() {}

    /**
     * Checks everything that {@code expectations} ask for.
     *
     * @throws IllegalArgumentException when the history has a source that the expectations do not name: nothing could
     *     be said about it
     */
    public static Report check(History history, Expectations expectations) {
        Index index = new Indexer(history, expectations).index();
        List<CheckResult> results = new ArrayList<>();
        for (Check check : CHECKS) {
            if (expectations.applies(check.invariant())) {
                Findings findings = new Findings(history, check.invariant());
                check.run(index, findings);
                results.add(findings.result());
            } else {
                results.add(new CheckResult(check.invariant(), Verdict.LEFT_OUT, 0, 0, 0, List.of()));
            }
        }
        return new Report(results);
    }
}
