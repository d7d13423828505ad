package io.anymq.history.check;

import static io.anymq.history.check.MutationParts.plainRetries;

import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.ConsumerClosing;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.Settled;
import io.anymq.history.check.Draft.Handling;
import java.util.List;

/** Closes that do not wait, do not settle or lose something. */
final class CloseMutations {
    private CloseMutations() {}

    static boolean closeWithoutSettling(Draft draft) {
        Handling victim = draft.any(ofClosedConsumers(draft, "bulk", draft.simple("bulk")));
        if (victim == null) {
            return false;
        }
        draft.remove(draft.of("bulk", victim.started().id()).stream()
                .filter(line -> line.event instanceof Settled)
                .toList());
        return true;
    }

    static boolean closeUnderHandler(Draft draft) {
        Handling last = lastOfClosed(draft, "events/a");
        if (last == null) {
            return false;
        }
        moveClose(draft, last.started().consumer(), (last.start().at + last.end().at) / 2);
        return true;
    }

    static boolean handleAfterClose(Draft draft) {
        Handling last = lastOfClosed(draft, "events/a");
        if (last == null) {
            return false;
        }
        moveClose(draft, last.started().consumer(), last.start().at - 1);
        return true;
    }

    static boolean loseAtClose(Draft draft) {
        Handling victim = draft.any(ofClosedConsumers(
                draft,
                "bulk",
                plainRetries(draft, "bulk").stream()
                        .filter(each -> each.ended().succeeded())
                        .toList()));
        if (victim == null) {
            return false;
        }
        HandlerEnded e = victim.ended();
        victim.end().event = new HandlerEnded(e.source(), e.consumer(), e.id(), e.attempt(), false);
        draft.remove(draft.of("bulk", e.id()).stream()
                .filter(line -> line.event instanceof Settled)
                .toList());
        return true;
    }

    private static List<Handling> ofClosedConsumers(Draft draft, String source, List<Handling> handlings) {
        return handlings.stream()
                .filter(each -> !draft.all(
                                ConsumerClosed.class,
                                e -> e.source().equals(source)
                                        && e.consumer().equals(each.started().consumer()))
                        .isEmpty())
                .toList();
    }

    /** The last call of a consumer that was closed, if it is a simple one. */
    private static Handling lastOfClosed(Draft draft, String source) {
        List<Handling> all = draft.handlings(source);
        List<Handling> last = ofClosedConsumers(draft, source, all).stream()
                .filter(each -> each.ended().succeeded()
                        && draft.starts(source, each.started().id()) == 1)
                .filter(each -> all.stream()
                        .noneMatch(other ->
                                other.started().consumer().equals(each.started().consumer())
                                        && other.start().at > each.start().at))
                .toList();
        return draft.any(last);
    }

    private static void moveClose(Draft draft, String consumer, long at) {
        draft.all(ConsumerClosing.class, e -> e.consumer().equals(consumer)).forEach(line -> line.at = at - 1);
        draft.all(ConsumerClosed.class, e -> e.consumer().equals(consumer)).forEach(line -> line.at = at);
    }
}
