package io.anymq.history.check;

import io.anymq.history.Event;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.DeadLettered;
import java.util.HashSet;
import java.util.Set;

/**
 * I7: the attempts of a message are 1, 2, 3 ... up to the maximum, one after the other; none follows its dead letter,
 * and the dead letter tells their number.
 *
 * <p>Exactly: an attempt is never less than 1 nor more than the maximum. After one that failed comes the next number,
 * after a redrive 1 again. No attempt begins while the one before is running. A dead letter says as many attempts as
 * the last one before it had, and 0 if there was none; one for {@code MAX_ATTEMPTS} says the maximum, unless the policy
 * may end early.
 *
 * <p>A redelivery may start again at 1, because attempts inside a process are forgotten with it, or may go on from what
 * the broker counted. So where a disruption, a close or a consumer that joined came between two attempts, their numbers
 * are not compared, only their bounds; the same between a dead letter and an attempt after it, as a crash may come
 * between the dead letter and the settlement. The numbers of a message that the broker got several times are not
 * compared either, because it is unknown to which copy an attempt belongs. Events after a success belong to I14.
 */
final class AttemptsCount implements Check {
    private static final String ALL_USED_UP = "MAX_ATTEMPTS";

    @Override
    public Invariant invariant() {
        return Invariant.I7;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            for (Journey journey : source.journeys.values()) {
                checkBounds(source, journey, findings);
                checkSeries(index, source, journey, findings);
                for (int i = 0; i < journey.deadLettered.size(); i++) {
                    checkNoneAfter(index, source, journey, journey.deadLettered.get(i), findings);
                    checkDeadLetter(index, source, journey, journey.deadLettered.get(i), findings);
                }
                if (!journey.found.isEmpty()) {
                    checkFound(index, source, journey, findings);
                }
            }
        }
    }

    private static void checkBounds(SourceFacts source, Journey journey, Findings findings) {
        int most = source.rules.retry().maxAttempts();
        for (Call call : journey.calls) {
            findings.fact();
            if (call.attempt < 1 || call.attempt > most) {
                findings.violation(
                        Names.of(journey) + " had an attempt " + call.attempt + " in " + Names.of(source)
                                + ", where 1 to " + most + " are allowed",
                        call.start);
            }
        }
    }

    private static void checkSeries(Index index, SourceFacts source, Journey journey, Findings findings) {
        Call previous = null;
        for (Call call : journey.calls) {
            if (previous == null) {
                checkFirst(index, source, journey, call, findings);
            } else if (index.maybeBetween(journey.redriven, previous.start, call.start)) {
                expect(1, index, source, journey, previous, call, findings);
            } else if (previous.failed() && index.before(previous.end, call.start)) {
                expect(previous.attempt + 1, index, source, journey, previous, call, findings);
            } else if (index.overlap(source, previous, call)) {
                checkOverlap(index, source, journey, previous, call, findings);
            }
            previous = call;
        }
    }

    private static void checkFirst(Index index, SourceFacts source, Journey journey, Call call, Findings findings) {
        Message message = journey.message;
        if (message == null || call.attempt == 1) {
            return;
        }
        // a consumer that died with the message in its hands may have cost it an unrecorded attempt
        if (isUncertain(index, source, journey, message.sends.get(0).sent, call.start)) {
            findings.excused();
        } else {
            findings.violation(
                    Names.of(journey) + " began with attempt " + call.attempt + " in " + Names.of(source), call.start);
        }
    }

    private static void expect(
            int attempt,
            Index index,
            SourceFacts source,
            Journey journey,
            Call previous,
            Call call,
            Findings findings) {
        findings.fact();
        if (call.attempt == attempt) {
            return;
        }
        if (isUncertain(index, source, journey, previous.start, call.start)) {
            findings.excused();
        } else {
            findings.violation(
                    "after attempt " + previous.attempt + " of " + Names.of(journey) + " in " + Names.of(source)
                            + " came attempt " + call.attempt + ", not " + attempt,
                    previous.start,
                    previous.end,
                    call.start);
        }
    }

    private static void checkOverlap(
            Index index, SourceFacts source, Journey journey, Call previous, Call call, Findings findings) {
        findings.fact();
        if (isUncertain(index, source, journey, previous.start, call.start)) {
            findings.excused();
        } else {
            findings.violation(
                    "attempt " + call.attempt + " of " + Names.of(journey) + " in " + Names.of(source)
                            + " began before attempt " + previous.attempt + " had ended",
                    previous.start,
                    call.start,
                    previous.end);
        }
    }

    private static void checkNoneAfter(Index index, SourceFacts source, Journey journey, int dead, Findings findings) {
        findings.fact();
        int next = callsBefore(journey, dead);
        if (next == journey.calls.size()) {
            return;
        }
        // the next one, and the last one because the next one may not have been later
        Call call = journey.calls.get(next);
        if (!index.before(dead, call.start)) {
            call = journey.calls.get(journey.calls.size() - 1);
        }
        if (!index.before(dead, call.start) || index.maybeBetween(journey.redriven, dead, call.start)) {
            return;
        }
        if (isUncertain(index, source, journey, dead, call.start)) {
            findings.excused();
        } else {
            findings.violation(
                    "attempt " + call.attempt + " of " + Names.of(journey) + " in " + Names.of(source)
                            + " came after its dead letter",
                    dead,
                    call.start);
        }
    }

    private static void checkDeadLetter(Index index, SourceFacts source, Journey journey, int dead, Findings findings) {
        findings.fact();
        Event event = index.entry(dead).event();
        int said = event instanceof DeadLettered e ? e.attempts() : ((DeadLetterFound) event).attempts();
        int calls = callsBefore(journey, dead);
        Call last = calls == 0 ? null : journey.calls.get(calls - 1);
        int redriven = journey.redriven.before(dead);
        if (last != null
                && redriven != Findings.NONE
                && index.before(last.start, redriven)
                && index.before(redriven, dead)) {
            last = null;
        }
        int made = last == null ? 0 : last.attempt;
        RetryRules retry = source.rules.retry();
        boolean early = ALL_USED_UP.equals(reason(event)) && said != retry.maxAttempts() && !retry.mayEndEarly();
        if (said == made && !early) {
            return;
        }
        int start = last == null ? Findings.NONE : last.start;
        if (isRecounted(index, source, journey, start, dead)) {
            findings.excused();
        } else if (said != made) {
            findings.violation(
                    "the dead letter of" + " " + Names.of(journey) + " in " + Names.of(source) + " states " + said
                            + " attempts, but the last attempt was " + made,
                    start,
                    dead);
        } else {
            findings.violation(
                    Names.of(journey) + " was dead-lettered in " + Names.of(source) + " after " + said + " of "
                            + retry.maxAttempts() + " attempts",
                    start,
                    dead);
        }
    }

    /** Whether the broker may have counted unrecorded attempts between the last one and the dead letter. */
    private static boolean isRecounted(Index index, SourceFacts source, Journey journey, int start, int dead) {
        Message message = journey.message;
        int from = start != Findings.NONE ? start : message == null ? dead : message.sends.get(0).sent;
        return journey.copies() > 1 || index.mayRepeat(source, Math.min(from, dead), dead);
    }

    /** A dead letter must state the attempts that its consumer reported; without a report, the attempts themselves. */
    private static void checkFound(Index index, SourceFacts source, Journey journey, Findings findings) {
        Set<Integer> said = new HashSet<>();
        for (int i = 0; i < journey.deadLettered.size(); i++) {
            said.add(((DeadLettered) index.entry(journey.deadLettered.get(i)).event()).attempts());
        }
        for (int i = 0; i < journey.found.size(); i++) {
            int found = journey.found.get(i);
            int attempts = ((DeadLetterFound) index.entry(found).event()).attempts();
            if (said.isEmpty()) {
                checkDeadLetter(index, source, journey, found, findings);
                continue;
            }
            findings.fact();
            if (said.contains(attempts)) {
                continue;
            }
            if (index.mayRepeat(source, Math.min(journey.firstTrace(), found), found)) {
                findings.excused();
            } else {
                findings.violation(
                        "the dead letter of " + Names.of(journey) + " in " + Names.of(source) + " says " + attempts
                                + " attempts, but the consumer reported another number",
                        journey.deadLettered.last(),
                        found);
            }
        }
    }

    private static String reason(Event event) {
        return event instanceof DeadLettered e ? e.reason() : ((DeadLetterFound) event).reason();
    }

    private static int callsBefore(Journey journey, int position) {
        int low = 0;
        int high = journey.calls.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (journey.calls.get(middle).start < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isUncertain(Index index, SourceFacts source, Journey journey, int from, int to) {
        return journey.copies() > 1
                || index.expectations().redelivery() == Redelivery.ANY_TIME
                || index.handedOver(source, from, to);
    }
}
