package io.anymq.history.check;

import io.anymq.history.Event.OutputPublished;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I14: every source has its own copy of a message, and one only.
 *
 * <p>Three things: a message does not appear in a source of a destination that it was not sent to; a confirmed message
 * that one subscription of a topic has seen is not missing altogether in another (I1 names it, too); and a message
 * succeeds in a source no more often than the broker got it, and has no more dead letters.
 *
 * <p>A further success is excused when a disruption lies between the beginning of the success before and its own
 * beginning: a fault, a crash, an unclean close, and their aftermath. A redrive and each send that was not rejected
 * allow one more. A clean close or a consumer that joins excuses nothing. A success whose outputs were not confirmed
 * when the next attempt began was none.
 */
final class OwnCopy implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I14;
    }

    @Override
    public void run(Index index, Findings findings) {
        Map<String, List<SourceFacts>> byDestination = new HashMap<>();
        for (SourceFacts source : index.allSources()) {
            byDestination
                    .computeIfAbsent(source.destination, key -> new ArrayList<>())
                    .add(source);
            for (Journey journey : source.journeys.values()) {
                if (journey.message != null) {
                    checkSuccesses(index, source, journey, findings);
                    checkDeadLetters(index, source, journey, findings);
                } else if (index.isKnownElsewhere(journey.id)) {
                    findings.fact();
                    findings.violation(
                            Names.of(journey) + " appeared in " + Names.of(source) + ", but was sent to another"
                                    + " destination",
                            journey.firstTrace());
                }
            }
        }
        byDestination.forEach((destination, sources) -> {
            if (sources.size() > 1) {
                checkShared(index, destination, sources, findings);
            }
        });
    }

    private static void checkSuccesses(Index index, SourceFacts source, Journey journey, Findings findings) {
        Call previous = null;
        int further = Math.max(1, journey.copies()) - 1 + journey.redriven.size();
        int spare = further;
        for (Call call : journey.calls) {
            if (!call.succeeded) {
                continue;
            }
            findings.fact();
            if (previous != null && !isRetry(index, journey, previous, call)) {
                if (index.mayRepeat(source, previous.start, call.start)) {
                    findings.excused();
                    // what disrupted may have brought back every copy
                    spare = further;
                } else if (spare > 0) {
                    spare--;
                } else {
                    findings.violation(
                            Names.of(journey) + " was handled more than once in " + Names.of(source)
                                    + " although nothing had failed",
                            previous.start,
                            previous.end,
                            call.start,
                            call.end);
                }
            }
            previous = call;
        }
    }

    /** Whether {@code previous} did not count because an output could not be confirmed. */
    private static boolean isRetry(Index index, Journey journey, Call previous, Call call) {
        if (call.attempt != previous.attempt + 1) {
            return false;
        }
        for (int i = 0; i < previous.outputs.size(); i++) {
            OutputPublished output =
                    (OutputPublished) index.entry(previous.outputs.get(i)).event();
            int confirmed =
                    journey.confirmOf(new OutputKey(previous.consumer, output.destination(), output.outputId()));
            if (confirmed == Findings.NONE || confirmed > call.start) {
                return true;
            }
        }
        return false;
    }

    private static void checkDeadLetters(Index index, SourceFacts source, Journey journey, Findings findings) {
        int copies = journey.found.size();
        if (copies == 0) {
            return;
        }
        findings.fact();
        int allowed = Math.max(1, journey.copies()) + journey.redriven.size();
        if (copies <= allowed) {
            return;
        }
        int from = journey.firstTrace();
        if (index.mayRepeat(source, from, journey.found.first())) {
            findings.excused();
        } else {
            findings.violation(
                    "the dead letter of" + " " + Names.of(journey) + " in " + Names.of(source) + " exists " + copies
                            + " times",
                    journey.found.first(),
                    journey.found.last());
        }
    }

    private static void checkShared(Index index, String destination, List<SourceFacts> sources, Findings findings) {
        for (Message message : index.messagesOf(destination).values()) {
            Send confirmed = message.confirmed();
            if (confirmed == null) {
                continue;
            }
            int seen = Findings.NONE;
            for (SourceFacts source : sources) {
                Journey journey = source.journeys.get(message.id);
                if (journey != null && seen == Findings.NONE) {
                    seen = journey.firstTrace();
                }
            }
            if (seen == Findings.NONE) {
                continue;
            }
            for (SourceFacts source : sources) {
                if (!index.owes(source, confirmed)) {
                    continue;
                }
                findings.fact();
                Journey journey = source.journeys.get(message.id);
                if (journey == null || journey.firstTrace() == Findings.NONE) {
                    if (index.hasStopped(source)) {
                        findings.excused();
                    } else {
                        findings.violation(
                                "message " + Names.quote(message.id) + " appeared in another subscription of "
                                        + Names.quote(destination) + ", but not in " + Names.of(source),
                                confirmed.sent,
                                seen);
                    }
                }
            }
        }
    }
}
