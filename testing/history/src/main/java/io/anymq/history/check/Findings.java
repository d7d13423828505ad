package io.anymq.history.check;

import io.anymq.history.Entry;
import io.anymq.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the findings of a check. */
final class Findings {
    /** A position that stands for no event. */
    static final int NONE = -1;

    private final History history;
    private final Invariant invariant;
    private final List<Violation> kept = new ArrayList<>();
    private long facts;
    private long excused;
    private long violations;

    Findings(History history, Invariant invariant) {
        this.history = history;
        this.invariant = invariant;
    }

    /** One thing that could have been a violation is looked at. */
    void fact() {
        facts++;
    }

    /** So many of them. */
    void facts(long count) {
        facts += count;
    }

    /** It is not as it should be, but something in the history explains it. */
    void excused() {
        excused++;
    }

    /** It is a violation, proven by the events at these positions; {@link #NONE} and repetitions are left out. */
    void violation(String sentence, int... proof) {
        violations++;
        if (kept.size() < HistoryChecker.KEPT) {
            List<Entry> entries = Arrays.stream(proof)
                    .filter(position -> position != NONE)
                    .sorted()
                    .distinct()
                    .mapToObj(history::get)
                    .toList();
            kept.add(new Violation(invariant, sentence, entries));
        }
    }

    CheckResult result() {
        Verdict verdict = violations > 0 ? Verdict.VIOLATED : facts == 0 ? Verdict.VACUOUS : Verdict.PASSED;
        return new CheckResult(invariant, verdict, facts, excused, violations, kept);
    }
}
