package io.anymq.history.check;

import io.anymq.history.SendOutcome;

/**
 * I3: a message whose sends were all rejected appears nowhere; one that was rejected at first does not appear before it
 * was sent again.
 *
 * <p>The outputs of an attempt that failed are never sent, so they count as rejected. An attempt that neither succeeded nor
 * failed, because its process died, leaves them unknown.
 */
final class RejectedNeverAppears implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I3;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            for (Message message : index.messagesOf(source.destination).values()) {
                Send first = message.sends.get(0);
                if (first.outcome() != SendOutcome.REJECTED) {
                    continue;
                }
                findings.fact();
                Journey journey = source.journeys.get(message.id);
                int trace = journey == null ? Findings.NONE : journey.firstTrace();
                if (trace == Findings.NONE) {
                    continue;
                }
                String what = first.call == null ? "was rejected" : "was the output of an attempt that failed";
                Send accepted = message.accepted();
                if (accepted == null) {
                    findings.violation(
                            "message " + Names.quote(message.id) + " " + what + ", but appeared in " + Names.of(source),
                            first.sent,
                            first.ended,
                            trace);
                } else if (index.before(trace, accepted.sent) && !overlap(first, accepted)) {
                    findings.violation(
                            "message " + Names.quote(message.id) + " " + what + ", but appeared in " + Names.of(source)
                                    + " before it was sent again",
                            first.sent,
                            first.ended,
                            trace,
                            accepted.sent);
                }
            }
        }
    }

    /** Which end belongs to which of two sends of one id cannot be told if both were open. */
    private static boolean overlap(Send first, Send next) {
        return first.call == null && next.call == null && next.sent < first.ended;
    }
}
