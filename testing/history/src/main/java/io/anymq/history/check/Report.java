package io.anymq.history.check;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The checker's findings, invariant by invariant. Immutable. */
public final class Report {
    private final Map<Invariant, CheckResult> results = new EnumMap<>(Invariant.class);

    Report(List<CheckResult> results) {
        results.forEach(result -> this.results.put(result.invariant(), result));
    }

    /** The result for one invariant. */
    public CheckResult of(Invariant invariant) {
        CheckResult result = results.get(invariant);
        if (result == null) {
            throw new IllegalStateException("no result for " + invariant);
        }
        return result;
    }

    /** All results, I1 first. */
    public List<CheckResult> results() {
        return List.copyOf(results.values());
    }

    /** The invariants with this verdict. */
    public Set<Invariant> having(Verdict verdict) {
        Set<Invariant> found = EnumSet.noneOf(Invariant.class);
        results.values().forEach(result -> {
            if (result.verdict() == verdict) {
                found.add(result.invariant());
            }
        });
        return found;
    }

    /** The kept violations of all invariants. */
    public List<Violation> violations() {
        return results.values().stream()
                .flatMap(result -> result.violations().stream())
                .toList();
    }

    /**
     * Returns this if nothing was violated. Invariants that had nothing to check are no violation; use
     * {@link #requireProven} for those that the run was made for.
     *
     * @throws AssertionError with the whole report
     */
    public Report requireClean() {
        if (!having(Verdict.VIOLATED).isEmpty()) {
            throw new AssertionError("the history violates " + having(Verdict.VIOLATED) + "\n" + this);
        }
        return this;
    }

    /**
     * Returns this if each of these had something to check and held.
     *
     * @throws AssertionError with the whole report when one was violated, left out, or vacuous
     */
    public Report requireProven(Set<Invariant> invariants) {
        Set<Invariant> missing = EnumSet.noneOf(Invariant.class);
        missing.addAll(invariants);
        missing.removeAll(having(Verdict.PASSED));
        if (!missing.isEmpty()) {
            throw new AssertionError("the history does not prove " + missing + "\n" + this);
        }
        return this;
    }

    /** A table, and the violations with their proofs. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        results.values().forEach(result -> out.append(result).append('\n'));
        for (CheckResult result : results.values()) {
            result.violations().forEach(violation -> out.append("\n  ").append(violation));
            long more = result.violationCount() - result.violations().size();
            if (more > 0) {
                out.append("\n  ... and ").append(more).append(" more of ").append(result.invariant());
            }
        }
        return out.toString();
    }
}
