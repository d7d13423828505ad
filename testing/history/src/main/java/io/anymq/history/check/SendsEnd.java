package io.anymq.history.check;

import io.anymq.history.Event.ProducerCrashed;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I4: every send ends, and once; an unconfirmed message may appear, and if it does it is done with like any
 * other.
 *
 * <p>Sends of a producer that crashed need not end; they are unknown. Whether an unknown message appears in all
 * subscriptions, in some or in none is open. Where it does appear, half a treatment is a violation: it has arrived
 * there, so the broker has it. How often it may be handled is I14's business.
 */
final class SendsEnd implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I4;
    }

    @Override
    public void run(Index index, Findings findings) {
        checkEnds(index, findings);
        for (SourceFacts source : index.allSources()) {
            boolean stopped = index.hasStopped(source);
            for (Journey journey : source.journeys.values()) {
                Message message = journey.message;
                if (message == null
                        || message.confirmed() != null
                        || message.accepted() == null
                        || journey.firstSeen() == Findings.NONE) {
                    continue;
                }
                findings.fact();
                if (index.isFinished(source, journey)) {
                    continue;
                }
                if (stopped) {
                    findings.excused();
                } else {
                    Call last = journey.lastCall();
                    findings.violation(
                            Names.of(journey) + ", whose send ended as unknown, appeared in " + Names.of(source)
                                    + " but was never handled or dead-lettered",
                            message.sends.get(0).sent,
                            message.sends.get(0).ended,
                            journey.firstSeen(),
                            last == null ? Findings.NONE : last.end);
                }
            }
        }
    }

    private static void checkEnds(Index index, Findings findings) {
        Set<String> crashed = new HashSet<>();
        for (int i = 0; i < index.producerCrashes.size(); i++) {
            crashed.add(
                    ((ProducerCrashed) index.entry(index.producerCrashes.get(i)).event()).producer());
        }
        for (Map<String, Message> messages : index.messages.values()) {
            for (Message message : messages.values()) {
                for (Send send : message.sends) {
                    if (send.producer == null) {
                        continue;
                    }
                    findings.fact();
                    if (send.ended == Findings.NONE) {
                        if (crashed.contains(send.producer)) {
                            findings.excused();
                        } else {
                            findings.violation(
                                    "the send of message " + Names.quote(message.id) + " never ended", send.sent);
                        }
                    }
                }
            }
        }
        for (int i = 0; i < index.strayEnds.size(); i++) {
            findings.fact();
            findings.violation("a send ended that had not begun or had already ended", index.strayEnds.get(i));
        }
    }
}
