package io.anymq.history.check;

import static io.anymq.history.check.MutationParts.plainDeadLetters;
import static io.anymq.history.check.MutationParts.plainRetries;
import static io.anymq.history.check.MutationParts.previous;

import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.DeadLettered;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;

/** Attempts that are miscounted or come at the wrong time. */
final class RetryMutations {
    private RetryMutations() {}

    static boolean skipAttemptNumber(Draft draft) {
        Handling retry = draft.any(plainRetries(draft, "events/a").stream()
                .filter(each -> each.ended().succeeded() && each.started().attempt() < 4)
                .toList());
        return retry != null && renumber(retry, retry.started().attempt() + 1);
    }

    static boolean repeatAttemptNumber(Draft draft) {
        Handling retry = draft.any(plainRetries(draft, "bulk").stream()
                .filter(each -> each.ended().succeeded())
                .toList());
        return retry != null && renumber(retry, retry.started().attempt() - 1);
    }

    static boolean neverEndAttempt(Draft draft) {
        Handling retry = draft.any(plainRetries(draft, "bulk"));
        Handling before = retry == null ? null : previous(draft, "bulk", retry);
        // where the consumer was closed, it would be the close that did not wait
        return before != null
                && draft.lines.remove(before.end())
                && draft.all(
                                ConsumerClosed.class,
                                e -> e.consumer().equals(before.started().consumer()))
                        .isEmpty();
    }

    static boolean tryBeyondMaximum(Draft draft) {
        Handling last = draft.any(plainRetries(draft, "bulk").stream()
                .filter(each -> each.ended().succeeded())
                .toList());
        return last != null && renumber(last, 5);
    }

    static boolean tryAfterDeadLetter(Draft draft) {
        Line dead = draft.any(plainDeadLetters(draft, "bulk"));
        Line live = dead == null ? null : liveOf(draft, dead);
        if (live == null) {
            return false;
        }
        DeadLetterFound e = (DeadLetterFound) dead.event;
        String consumer = ((DeadLettered) live.event).consumer();
        draft.insertAfter(live, 1, new HandlerStarted("bulk", consumer, e.id(), 1, e.content()));
        draft.insertAfter(live, 2, new HandlerEnded("bulk", consumer, e.id(), 1, false));
        return true;
    }

    static boolean miscountInDeadLetter(Draft draft) {
        Line line = draft.any(plainDeadLetters(draft, "events/a"));
        if (line == null) {
            return false;
        }
        DeadLetterFound e = (DeadLetterFound) line.event;
        line.event = new DeadLetterFound(e.source(), e.id(), e.content(), e.attempts() + 1, e.reason());
        return true;
    }

    static boolean giveUpTooEarly(Draft draft) {
        Line found = draft.any(plainDeadLetters(draft, "bulk").stream()
                .filter(line -> ((DeadLetterFound) line.event).reason().equals("PERMANENT")
                        && ((DeadLetterFound) line.event).attempts() < 4)
                .toList());
        Line live = found == null ? null : liveOf(draft, found);
        if (live == null) {
            return false;
        }
        DeadLettered e = (DeadLettered) live.event;
        live.event = new DeadLettered(e.source(), e.consumer(), e.id(), e.attempts(), "MAX_ATTEMPTS");
        return true;
    }

    static boolean retryTooSoon(Draft draft) {
        Handling retry = draft.any(plainRetries(draft, "events/a"));
        Handling before = retry == null ? null : previous(draft, "events/a", retry);
        if (before == null) {
            return false;
        }
        retry.start().at = before.end().at + SimulatedTime.MILLI / 2;
        return true;
    }

    static boolean failTooLate(Draft draft) {
        Handling retry = draft.any(plainRetries(draft, "bulk"));
        Handling before = retry == null ? null : previous(draft, "bulk", retry);
        if (before == null) {
            return false;
        }
        before.end().at = retry.start().at - SimulatedTime.MILLI / 2;
        return true;
    }

    private static boolean renumber(Handling handling, int attempt) {
        HandlerStarted s = handling.started();
        HandlerEnded e = handling.ended();
        handling.start().event = new HandlerStarted(s.source(), s.consumer(), s.id(), attempt, s.content());
        handling.end().event = new HandlerEnded(e.source(), e.consumer(), e.id(), attempt, e.succeeded());
        return true;
    }

    private static Line liveOf(Draft draft, Line found) {
        DeadLetterFound e = (DeadLetterFound) found.event;
        return draft.any(draft.all(
                DeadLettered.class,
                live -> live.source().equals(e.source()) && live.id().equals(e.id())));
    }
}
