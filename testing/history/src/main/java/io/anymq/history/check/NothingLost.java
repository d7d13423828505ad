package io.anymq.history.check;

import io.anymq.history.SendOutcome;
import org.jspecify.annotations.Nullable;

/**
 * I1: every confirmed message is done with in every source that it was for.
 *
 * <p>Done with means: a handler's attempt succeeded, or the message is in the dead-letter queue, or it was recognized
 * as a duplicate, or, where the rules discard, its attempts are used up. Where the dead-letter queue was read ({@link
 * SourceRules#deadLettersRead()}), only messages found there count, not the consumer's reports. After a redrive it
 * must be done with once more. Parked keys end in the dead letter like all others.
 *
 * <p>Not owed: messages sent before the source was provisioned, unless it starts with the earliest; and whatever is
 * left in a source that {@link GiveUp#STOP} has stopped. Crashes, faults and zombies excuse nothing: they delay, and
 * the history should go on until all is handled.
 */
final class NothingLost implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I1;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            boolean stopped = index.hasStopped(source);
            for (Message message : index.messagesOf(source.destination).values()) {
                Send send = owed(index, source, message);
                if (send == null) {
                    continue;
                }
                findings.fact();
                Journey journey = source.journeys.get(message.id);
                if (journey != null && index.isFinished(source, journey)) {
                    continue;
                }
                if (stopped) {
                    findings.excused();
                } else {
                    report(source, message, send, journey, findings);
                }
            }
        }
    }

    private static @Nullable Send owed(Index index, SourceFacts source, Message message) {
        for (Send send : message.sends) {
            if (send.outcome() == SendOutcome.CONFIRMED && index.owes(source, send)) {
                return send;
            }
        }
        return null;
    }

    private static void report(
            SourceFacts source, Message message, Send send, @Nullable Journey journey, Findings findings) {
        String name = "message " + Names.quote(message.id) + " was confirmed, but in " + Names.of(source);
        if (journey == null || journey.firstTrace() == Findings.NONE) {
            findings.violation(name + " it never appeared", send.sent, send.ended);
            return;
        }
        Call last = journey.lastCall();
        String what = !journey.redriven.isEmpty()
                ? " it was neither handled nor dead-lettered after its redrive"
                : !journey.deadLettered.isEmpty()
                        ? " it was not found in the dead-letter queue to which it was reportedly sent"
                        : last == null
                                ? " it was neither handled nor dead-lettered"
                                : last.ended()
                                        ? " attempt " + last.attempt + " failed and nothing followed"
                                        : " attempt " + last.attempt + " began and nothing followed";
        findings.violation(
                name + what,
                send.sent,
                send.ended,
                last == null ? journey.firstTrace() : last.start,
                last == null ? Findings.NONE : last.end,
                journey.deadLettered.last(),
                journey.redriven.last());
    }
}
