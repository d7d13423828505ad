package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.ConsumerClosing;
import io.anymq.history.Event.DeadLetterFound;
import io.anymq.history.Event.DeadLettered;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.Event.OutputConfirmed;
import io.anymq.history.Event.SendEnded;
import io.anymq.history.Event.Settled;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What several mutations of {@link Mutation} have in common. */
final class MutationParts {
    private MutationParts() {}

    static boolean loseSuccess(Draft draft, Handling victim) {
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

    static boolean corrupt(Draft draft, UnaryOperator<Content> damage) {
        Line line = draft.any(draft.all(HandlerStarted.class, e -> true));
        HandlerStarted e = (HandlerStarted) line.event;
        line.event = new HandlerStarted(e.source(), e.consumer(), e.id(), e.attempt(), damage.apply(e.content()));
        return true;
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

    static Line liveOf(Draft draft, Line found) {
        DeadLetterFound e = (DeadLetterFound) found.event;
        return draft.any(draft.all(
                DeadLettered.class,
                live -> live.source().equals(e.source()) && live.id().equals(e.id())));
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

    static boolean renumber(Handling handling, int attempt) {
        HandlerStarted s = handling.started();
        HandlerEnded e = handling.ended();
        handling.start().event = new HandlerStarted(s.source(), s.consumer(), s.id(), attempt, s.content());
        handling.end().event = new HandlerEnded(e.source(), e.consumer(), e.id(), attempt, e.succeeded());
        return true;
    }

    /** Simple calls that follow each other in one key, by one consumer, with nothing unusual between them. */
    static List<Handling[]> neighbours(Draft draft, String source, boolean sameKey) {
        List<Handling> simple = draft.simple(source);
        List<Handling> all = draft.handlings(source);
        List<Handling[]> pairs = new ArrayList<>();
        for (Handling first : simple) {
            String key = first.started().content().key();
            if (sameKey && key == null) {
                continue;
            }
            Predicate<Handling> follows = each -> each.start().at > first.end().at
                    && (!sameKey || key.equals(each.started().content().key()));
            Handling next = all.stream().filter(follows).findFirst().orElse(null);
            boolean fits = next != null
                    && simple.contains(next)
                    && next.started().consumer().equals(first.started().consumer())
                    && next.end().at - next.start().at > 10
                    && draft.isQuiet(source, first.start().at, next.end().at);
            if (fits) {
                pairs.add(new Handling[] {first, next});
            }
        }
        return pairs;
    }

    static String producer(Draft draft, String destination, Handling handling) {
        Line sent = draft.sends(destination, handling.started().id()).get(0);
        return ((Event.Sent) sent.event).producer();
    }

    /** Two messages of one producer change places. */
    static boolean swap(Draft draft, String source, boolean sameKey) {
        String destination = source.startsWith("events") ? "events" : source;
        List<Handling[]> pairs = neighbours(draft, source, sameKey).stream()
                .filter(pair -> producer(draft, destination, pair[0]).equals(producer(draft, destination, pair[1])))
                .filter(pair -> draft.sends(destination, pair[1].started().id()).get(0).at < pair[0].start().at)
                .toList();
        Handling[] pair = draft.any(pairs);
        if (pair == null) {
            return false;
        }
        HandlerStarted a = pair[0].started();
        HandlerStarted b = pair[1].started();
        List<Line> ofA = draft.of(source, a.id());
        List<Line> ofB = draft.of(source, b.id());
        ofA.forEach(line -> line.event = Draft.relabel(line.event, b.id(), b.content()));
        ofB.forEach(line -> line.event = Draft.relabel(line.event, a.id(), a.content()));
        return true;
    }

    /** A message that waits behind one that failed is handled during the other's backoff. */
    static boolean overtake(Draft draft) {
        String source = "events/b";
        for (Handling retry : plainRetries(draft, source)) {
            String key = retry.started().content().key();
            Handling failed = previous(draft, source, retry);
            if (key == null || failed == null) {
                continue;
            }
            for (Handling later : draft.simple(source)) {
                long sent = draft.sends("events", later.started().id()).get(0).at;
                long earlier = draft.sends("events", retry.started().id()).get(0).at;
                boolean fits = key.equals(later.started().content().key())
                        && later.start().at > retry.end().at
                        && later.started().consumer().equals(retry.started().consumer())
                        && producer(draft, "events", later).equals(producer(draft, "events", retry))
                        && sent > earlier
                        && sent < failed.end().at
                        && draft.isQuiet(source, failed.start().at, later.end().at);
                if (fits) {
                    long at = failed.end().at + 1;
                    for (Line line : draft.of(source, later.started().id())) {
                        line.at = at++;
                    }
                    return true;
                }
            }
        }
        return false;
    }

    /** A message that was confirmed before another key failed is handled two seconds later. */
    static boolean starve(Draft draft, String source) {
        String destination = source.startsWith("events") ? "events" : source;
        List<Handling> failures = draft.handlings(source).stream()
                .filter(each -> !each.ended().succeeded())
                .toList();
        List<Handling> victims = draft.simple(source).stream()
                .filter(each -> {
                    HandlerStarted e = each.started();
                    long confirmed = draft.sendEnds(destination, e.id()).get(0).at;
                    String key = e.content().key();
                    boolean own = key != null
                            && failures.stream()
                                    .anyMatch(f ->
                                            key.equals(f.started().content().key()));
                    boolean last = key == null
                            || draft.handlings(source).stream()
                                    .noneMatch(other ->
                                            key.equals(other.started().content().key())
                                                    && other.start().at > each.start().at);
                    return !own
                            && last
                            && failures.stream().anyMatch(f -> f.end().at > confirmed)
                            && draft.isUnbroken(source, confirmed, Long.MAX_VALUE / 4)
                            && draft.all(ConsumerClosed.class, c -> c.consumer().equals(e.consumer()))
                                    .isEmpty();
                })
                .toList();
        Handling victim = draft.any(victims);
        if (victim == null) {
            return false;
        }
        for (Line line : draft.of(source, victim.started().id())) {
            line.at += 2_000 * Simulation.MILLI;
        }
        return true;
    }

    static List<Line> settledWithOutput(Draft draft) {
        Set<String> simple = new HashSet<>();
        draft.simple("orders").forEach(each -> simple.add(each.started().id()));
        return draft.all(
                Settled.class,
                e -> e.source().equals("orders")
                        && simple.contains(e.id())
                        && draft.all(OutputConfirmed.class, o -> o.id().equals(e.id()))
                                        .size()
                                == 1);
    }

    static List<Handling> ofClosedConsumers(Draft draft, String source, List<Handling> handlings) {
        return handlings.stream()
                .filter(each -> !draft.all(
                                ConsumerClosed.class,
                                e -> e.source().equals(source)
                                        && e.consumer().equals(each.started().consumer()))
                        .isEmpty())
                .toList();
    }

    /** The last call of a consumer that was closed, if it is a simple one. */
    static Handling lastOfClosed(Draft draft, String source) {
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

    static void moveClose(Draft draft, String consumer, long at) {
        draft.all(ConsumerClosing.class, e -> e.consumer().equals(consumer)).forEach(line -> line.at = at - 1);
        draft.all(ConsumerClosed.class, e -> e.consumer().equals(consumer)).forEach(line -> line.at = at);
    }
}
