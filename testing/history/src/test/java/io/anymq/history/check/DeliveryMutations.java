package io.anymq.history.check;

import static io.anymq.history.check.MutationParts.addHandling;
import static io.anymq.history.check.MutationParts.forgetSuccess;
import static io.anymq.history.check.MutationParts.plainDeadLetters;

import io.anymq.history.Content;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;
import java.util.function.UnaryOperator;

/** Messages that are lost, invented, changed or repeated. */
final class DeliveryMutations {
    private DeliveryMutations() {}

    static boolean loseMessageEverywhere(Draft draft) {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        draft.remove(draft.of("bulk", victim.started().id()));
        return true;
    }

    static boolean loseSuccess(Draft draft) {
        Handling victim = draft.any(draft.simple("bulk"));
        return victim != null && forgetSuccess(draft, victim);
    }

    static boolean loseDeadLetter(Draft draft) {
        Line found = draft.any(plainDeadLetters(draft, "events/a"));
        return found != null && draft.lines.remove(found);
    }

    static boolean inventMessage(Draft draft) {
        Handling near = draft.any(draft.simple("bulk"));
        if (near == null) {
            return false;
        }
        addHandling(draft, near, "bulk", "invented", new Content(null, 1, 2));
        return true;
    }

    static boolean corruptBody(Draft draft) {
        return corrupt(draft, c -> new Content(c.key(), c.body() ^ 1, c.headers()));
    }

    static boolean corruptHeaders(Draft draft) {
        return corrupt(draft, c -> new Content(c.key(), c.body(), c.headers() + 1));
    }

    static boolean corruptKey(Draft draft) {
        return corrupt(draft, c -> new Content("other", c.body(), c.headers()));
    }

    static boolean corruptDeadLetter(Draft draft) {
        Line line = draft.any(draft.all(DeadLetterFound.class, e -> true));
        if (line == null) {
            return false;
        }
        DeadLetterFound e = (DeadLetterFound) line.event;
        Content content =
                new Content(e.content().key(), ~e.content().body(), e.content().headers());
        line.event = new DeadLetterFound(e.source(), e.id(), content, e.attempts(), e.reason());
        return true;
    }

    static boolean handleBeforeSend(Draft draft) {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        String id = victim.started().id();
        draft.sends("bulk", id).forEach(line -> line.at = victim.end().at + 10);
        draft.sendEnds("bulk", id).forEach(line -> line.at = victim.end().at + 20);
        return true;
    }

    static boolean handleTwice(Draft draft) {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        addHandling(
                draft, victim, "bulk", victim.started().id(), victim.started().content());
        return true;
    }

    static boolean leakIntoOtherSource(Draft draft) {
        Handling near = draft.any(draft.simple("bulk"));
        Handling leaked = draft.any(draft.simple("events/a"));
        if (near == null || leaked == null) {
            return false;
        }
        addHandling(draft, near, "bulk", leaked.started().id(), leaked.started().content());
        return true;
    }

    static boolean skipOneSubscription(Draft draft) {
        Handling victim = draft.any(draft.simple("events/b"));
        if (victim == null) {
            return false;
        }
        draft.remove(draft.of("events/b", victim.started().id()));
        return true;
    }

    static boolean deadLetterTwice(Draft draft) {
        Line found = draft.any(plainDeadLetters(draft, "events/a"));
        if (found == null) {
            return false;
        }
        draft.insertAfter(found, 1, found.event);
        return true;
    }

    private static boolean corrupt(Draft draft, UnaryOperator<Content> damage) {
        Line line = draft.any(draft.all(HandlerStarted.class, e -> true));
        HandlerStarted e = (HandlerStarted) line.event;
        line.event = new HandlerStarted(e.source(), e.consumer(), e.id(), e.attempt(), damage.apply(e.content()));
        return true;
    }
}
