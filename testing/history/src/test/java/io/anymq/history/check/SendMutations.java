package io.anymq.history.check;

import static io.anymq.history.check.MutationParts.addHandling;
import static io.anymq.history.check.MutationParts.forgetSuccess;
import static io.anymq.history.check.MutationParts.withOutcome;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.Event.OutputPublished;
import io.anymq.history.Event.SendEnded;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;

/** Sends that end otherwise than they did, or not at all. */
final class SendMutations {
    private SendMutations() {}

    static boolean rejectHandledMessage(Draft draft) {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        String id = victim.started().id();
        draft.sendEnds("bulk", id).forEach(line -> line.event = withOutcome(line.event, SendOutcome.REJECTED));
        return true;
    }

    static boolean deliverRejectedMessage(Draft draft) {
        Handling near = draft.any(draft.simple("bulk"));
        Line rejected = draft.any(draft.all(
                SendEnded.class,
                e -> e.destination().equals("bulk")
                        && e.outcome() == SendOutcome.REJECTED
                        && draft.sends("bulk", e.id()).size() == 1));
        if (near == null || rejected == null || rejected.at > near.end().at) {
            return false;
        }
        String id = ((SendEnded) rejected.event).id();
        Event.Sent sent = (Event.Sent) draft.sends("bulk", id).get(0).event;
        addHandling(draft, near, "bulk", id, sent.content());
        return true;
    }

    static boolean sendOutputOfFailedAttempt(Draft draft) {
        Handling failed = draft.any(draft.plain("orders").stream()
                .filter(each -> !each.ended().succeeded())
                .toList());
        Handling near = failed == null
                ? null
                : draft.any(draft.handlings("mail").stream()
                        .filter(each -> each.start().at > failed.end().at)
                        .toList());
        if (near == null) {
            return false;
        }
        Content content = new Content(null, 5, 6);
        HandlerStarted e = failed.started();
        draft.insertAfter(
                failed.start(),
                1,
                new OutputPublished("orders", e.consumer(), e.id(), e.attempt(), "mail", "premature", content));
        addHandling(draft, near, "mail", "premature", content);
        return true;
    }

    static boolean neverEndSend(Draft draft) {
        Line end = draft.any(draft.all(
                SendEnded.class,
                e -> e.outcome() != SendOutcome.REJECTED
                        && draft.all(
                                        Event.ProducerCrashed.class,
                                        c -> c.producer().equals(e.producer()))
                                .isEmpty()));
        return end != null && draft.lines.remove(end);
    }

    static boolean endSendTwice(Draft draft) {
        Line end = draft.any(draft.all(SendEnded.class, e -> true));
        if (end == null) {
            return false;
        }
        SendEnded e = (SendEnded) end.event;
        if (draft.sends(e.destination(), e.id()).size() > 1) {
            return false;
        }
        draft.insertAfter(end, 1, withOutcome(e, SendOutcome.UNKNOWN));
        return true;
    }

    static boolean abandonUnknownMessage(Draft draft) {
        Handling victim = draft.any(draft.simple("bulk"));
        if (victim == null) {
            return false;
        }
        String id = victim.started().id();
        draft.sendEnds("bulk", id).forEach(line -> line.event = withOutcome(line.event, SendOutcome.UNKNOWN));
        return forgetSuccess(draft, victim);
    }
}
