package io.anymq.history.check;

import java.util.HashMap;
import java.util.Map;

/**
 * I8: between the end of an attempt that failed and the beginning of the next lies at least the policy's wait.
 *
 * <p>Only two attempts with consecutive numbers count, with no disruption, close or joining consumer between them: a
 * message that was handed over begins when its new consumer gets it. Messages that the broker got several times are
 * left out, and so is the step over a redrive. Between processes the clocks' skew is in the message's favour. Jitter
 * only makes waits longer, so the configured wait is the bound.
 */
final class BackoffKept implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I8;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            Map<Integer, Long> waits = new HashMap<>();
            for (Journey journey : source.journeys.values()) {
                if (journey.calls.size() < 2 || journey.copies() > 1) {
                    continue;
                }
                for (int i = 1; i < journey.calls.size(); i++) {
                    Call failed = journey.calls.get(i - 1);
                    Call next = journey.calls.get(i);
                    if (failed.failed() && next.attempt == failed.attempt + 1 && failed.end < next.start) {
                        long wait = waits.computeIfAbsent(failed.attempt, source.rules.retry()::minNanosAfter);
                        check(index, source, journey, failed, next, wait, findings);
                    }
                }
            }
        }
    }

    private static void check(
            Index index, SourceFacts source, Journey journey, Call failed, Call next, long wait, Findings findings) {
        if (index.maybeBetween(journey.redriven, failed.start, next.start)
                || index.handedOver(source, failed.end, next.start)) {
            return;
        }
        findings.fact();
        long waited = index.nanosBetween(failed.end, next.start);
        if (waited + index.doubt(failed.end, next.start) < wait) {
            findings.violation(
                    "attempt " + next.attempt + " of " + Names.of(journey) + " in " + Names.of(source) + " began "
                            + Names.millis(waited) + " after the previous failure; the policy requires "
                            + Names.millis(wait),
                    failed.end,
                    next.start);
        }
    }
}
