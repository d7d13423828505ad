package io.anymq.history.check;

import java.util.HashSet;
import java.util.Set;

/**
 * I13: a consumer that was closed cleanly loses none of its messages.
 *
 * <p>Of a consumer whose close returned within its bound: no call begins after the close, or is still running then;
 * messages it handled are settled, where settlements are recorded; and messages it had begun but not finished are
 * handled again afterwards. Not settled is excused if a disruption came between the call and the close and another one
 * had the message: it came again, or was settled before this consumer had noticed that it was not its own any more. A
 * call that still runs is never excused, whichever consumer has the message by then. Repeated handling after a close is
 * I14's business, and messages the consumer never began are I1's. A close that was not clean (a handler was stuck)
 * makes its messages come again and proves nothing here.
 */
final class CloseLosesNothing implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I13;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            Set<String> closed = new HashSet<>();
            source.consumers.forEach((name, consumer) -> {
                if (!consumer.closedCleanly.isEmpty()) {
                    closed.add(name);
                }
            });
            if (closed.isEmpty()) {
                continue;
            }
            boolean stopped = index.hasStopped(source);
            for (Journey journey : source.journeys.values()) {
                for (int i = 0; i < journey.calls.size(); i++) {
                    Call call = journey.calls.get(i);
                    if (closed.contains(call.consumer)) {
                        boolean last = i == journey.calls.size() - 1;
                        check(index, source, journey, call, last && !stopped, findings);
                    }
                }
            }
        }
    }

    private static void check(
            Index index, SourceFacts source, Journey journey, Call call, boolean last, Findings findings) {
        findings.fact();
        ConsumerFacts consumer = source.consumer(call.consumer);
        int before = consumer.closedCleanly.before(call.start);
        if (before != Findings.NONE
                && !index.maybeBetween(consumer.opened, before, call.start)
                && index.before(before, call.start)) {
            findings.violation(
                    Names.quote(call.consumer) + " of " + Names.of(source) + " called its handler for "
                            + Names.of(journey) + " after it was closed",
                    before,
                    call.start);
            return;
        }
        int close = consumer.closedCleanly.after(call.start);
        if (close == Findings.NONE || index.maybeBetween(consumer.crashed, call.start, close)) {
            return;
        }
        if (!call.ended() || index.before(close, call.end)) {
            findings.violation(
                    Names.quote(call.consumer) + " of " + Names.of(source)
                            + " was closed cleanly while its handler ran for " + Names.of(journey),
                    call.start,
                    close,
                    call.end);
        } else if (call.succeeded) {
            checkSettled(index, source, journey, call, close, findings);
        } else if (last && isLeft(index, source, journey)) {
            findings.violation(
                    Names.of(journey) + ", which had failed in " + Names.of(source) + " when "
                            + Names.quote(call.consumer) + " was closed, was never handled again",
                    call.end,
                    close);
        }
    }

    private static boolean isLeft(Index index, SourceFacts source, Journey journey) {
        return !index.isFinished(source, journey) && journey.deadLettered.isEmpty();
    }

    private static void checkSettled(
            Index index, SourceFacts source, Journey journey, Call call, int close, Findings findings) {
        if (!source.rules.settlements()) {
            return;
        }
        // by any consumer: a redelivered message may have been settled by its last receiver
        int settled = journey.settled.last();
        if (settled != Findings.NONE && !index.before(settled, call.end)) {
            return;
        }
        Call last = journey.calls.get(journey.calls.size() - 1);
        boolean elsewhere = settled != Findings.NONE
                || last.start > call.start
                || journey.skipped.last() > call.start
                || journey.deadLettered.last() > call.start;
        if (elsewhere && index.disrupted(source, call.start, close)) {
            findings.excused();
        } else {
            findings.violation(
                    Names.of(journey) + " was handled in " + Names.of(source) + ", but not settled when "
                            + Names.quote(call.consumer) + " was closed",
                    call.end,
                    close);
        }
    }
}
