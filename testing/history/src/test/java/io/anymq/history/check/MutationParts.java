package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.DeadLettered;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.Event.SendEnded;
import io.anymq.history.Event.Settled;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What several mutations have in common. */
final class MutationParts {
    private MutationParts() {}

    static boolean forgetSuccess(Draft draft, Handling victim) {
        draft.remove(draft.of("bulk", victim.started().id()).stream()
                .filter(line -> line.event instanceof Settled)
                .toList());
        HandlerEnded e = victim.ended();
        victim.end().event = new HandlerEnded(e.source(), e.consumer(), e.id(), e.attempt(), false);
        // else it would be the close that lost it
        return draft.all(ConsumerClosed.class, c -> c.consumer().equals(e.consumer()))
                .isEmpty();
    }

    static SendEnded withOutcome(Event event, SendOutcome outcome) {
        SendEnded e = (SendEnded) event;
        return new SendEnded(e.producer(), e.destination(), e.id(), outcome);
    }

    /** A call right after another one, by the same consumer. */
    static void addHandling(Draft draft, Handling near, String source, String id, Content content) {
        String consumer = near.started().consumer();
        draft.insertAfter(near.end(), 1, new HandlerStarted(source, consumer, id, 1, content));
        draft.insertAfter(near.end(), 2, new HandlerEnded(source, consumer, id, 1, true));
        draft.insertAfter(near.end(), 3, new Settled(source, consumer, id));
    }

    /** Messages found once in a dead-letter queue to which nothing else happened. */
    static List<Line> plainDeadLetters(Draft draft, String source) {
        Set<String> plain = new HashSet<>();
        draft.plain(source).forEach(each -> plain.add(each.started().id()));
        return draft.all(
                DeadLetterFound.class,
                e -> e.source().equals(source)
                        && plain.contains(e.id())
                        && draft.all(
                                                DeadLettered.class,
                                                live -> live.source().equals(source)
                                                        && live.id().equals(e.id()))
                                        .size()
                                == 1);
    }

    static List<Handling> plainRetries(Draft draft, String source) {
        return draft.plain(source).stream()
                .filter(each -> each.started().attempt() > 1)
                .toList();
    }

    static Handling previous(Draft draft, String source, Handling retry) {
        return draft.any(draft.handlings(source).stream()
                .filter(each -> each.started().id().equals(retry.started().id())
                        && each.started().attempt() == retry.started().attempt() - 1)
                .toList());
    }
}
