package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.HandlerStarted;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * I2: what appears in a source was sent before, and its key, headers and body are those that were sent; the same for
 * what is found in the dead-letter queue.
 *
 * <p>Every attempt is looked at, repeated ones too. If an id was sent with different contents, each of them is right. A
 * message that was sent, but to another destination, is I14's business.
 */
final class NothingInvented implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I2;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            for (Journey journey : source.journeys.values()) {
                Message message = journey.message;
                if (message != null) {
                    checkTime(index, source, journey, message, findings);
                    checkContents(index, source, journey, message, findings);
                } else if (!index.isKnownElsewhere(journey.id)) {
                    findings.fact();
                    findings.violation(
                            Names.of(journey) + " appeared in " + Names.of(source) + ", but was never sent",
                            journey.firstTrace());
                }
            }
        }
    }

    private static void checkTime(
            Index index, SourceFacts source, Journey journey, Message message, Findings findings) {
        int seen = journey.firstTrace();
        int sent = message.sends.get(0).sent;
        if (seen != Findings.NONE) {
            findings.fact();
            if (index.before(seen, sent)) {
                findings.violation(
                        Names.of(journey) + " appeared in " + Names.of(source) + " before it was sent", seen, sent);
            }
        }
    }

    private static void checkContents(
            Index index, SourceFacts source, Journey journey, Message message, Findings findings) {
        Set<Content> sent = new HashSet<>();
        message.sends.forEach(send -> sent.add(send.content));
        for (Call call : journey.calls) {
            checkContent(index, source, journey, message, sent, call.start, findings);
        }
        for (int i = 0; i < journey.found.size(); i++) {
            checkContent(index, source, journey, message, sent, journey.found.get(i), findings);
        }
    }

    private static void checkContent(
            Index index,
            SourceFacts source,
            Journey journey,
            Message message,
            Set<Content> sent,
            int position,
            Findings findings) {
        Event event = index.entry(position).event();
        boolean dead = event instanceof DeadLetterFound;
        Content content = dead ? ((DeadLetterFound) event).content() : ((HandlerStarted) event).content();
        findings.fact();
        if (!sent.contains(content)) {
            Send send = message.sends.get(0);
            findings.violation(
                    "the " + difference(send.content, content) + " of " + Names.of(journey) + " is not what was sent, "
                            + (dead ? "in the dead letter of " : "in ") + Names.of(source),
                    send.sent,
                    position);
        }
    }

    private static String difference(Content sent, Content got) {
        StringBuilder out = new StringBuilder();
        if (!Objects.equals(sent.key(), got.key())) {
            out.append(" and key");
        }
        if (sent.body() != got.body()) {
            out.append(" and body");
        }
        if (sent.headers() != got.headers()) {
            out.append(" and headers");
        }
        return out.substring(" and ".length());
    }
}
