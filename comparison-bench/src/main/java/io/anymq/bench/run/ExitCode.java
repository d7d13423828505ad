package io.anymq.bench.run;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval;

/** The meaning of a comparison's results for a script. Stateless. */
public final class ExitCode {
    /** All is well. */
    public static final int OK = 0;

    /** A broker could not be had, or a run ended without figures. */
    public static final int INCOMPLETE = 1;

    /** Something was lost, repeated without a cause or out of order. */
    public static final int INCORRECT = 2;

    /** There were enough pairs, and they disagree too much to say anything. */
    public static final int NOISY = 3;

    /** A goal was missed; with {@code --strict} only. */
    public static final int GOAL_MISSED = 4;

    /** The command line makes no sense. */
    public static final int USAGE = 64;

    /** The ends of an interval of throughput ratios may be apart by this factor. */
    static final double LARGEST_SPREAD = 2.0;

    private ExitCode() {}

    /** The gravest of what applies. */
    public static int of(Results results, boolean strict) {
        if (results.runs().stream().anyMatch(RunResult::incorrect)) {
            return INCORRECT;
        }
        boolean missing = results.brokers().stream().anyMatch(broker -> !broker.available())
                || results.runs().stream().anyMatch(ExitCode::hasFailed);
        if (missing || results.plan().interrupted()) {
            return INCOMPLETE;
        }
        if (results.comparisons().stream().anyMatch(ExitCode::isTooNoisy)) {
            return NOISY;
        }
        if (strict && results.goals().stream().anyMatch(goal -> goal.status() == Goal.Status.MISSED)) {
            return GOAL_MISSED;
        }
        return OK;
    }

    /** A latency that was voided because the generator was late is not a failure: it was measured. */
    private static boolean hasFailed(RunResult run) {
        return !run.counts() && run.latency().total() == null;
    }

    private static boolean isTooNoisy(Comparison comparison) {
        Interval ratio = comparison.ratio();
        return comparison.metric().equals("throughput")
                && ratio != null
                && ratio.conclusive()
                && ratio.high() > ratio.low() * LARGEST_SPREAD;
    }
}
