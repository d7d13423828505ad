package io.anymq.history.check;

import static io.anymq.history.check.MutationParts.plainRetries;
import static io.anymq.history.check.MutationParts.previous;

import io.anymq.history.Event;
import io.anymq.history.Event.ConsumerClosed;
import io.anymq.history.Event.HandlerEnded;
import io.anymq.history.Event.HandlerStarted;
import io.anymq.history.check.Draft.Handling;
import io.anymq.history.check.Draft.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Messages that change places, overlap or starve. */
final class OrderMutations {
    private OrderMutations() {}

    static boolean swapWithinKey(Draft draft) {
        return swap(draft, "events/a", true);
    }

    static boolean swapWithinTotalOrder(Draft draft) {
        return swap(draft, "ledger", false);
    }

    static boolean overlapByLateEnd(Draft draft) {
        Handling[] pair = draft.any(neighbours(draft, "events/a", true));
        if (pair == null) {
            return false;
        }
        long late = (pair[1].start().at + pair[1].end().at) / 2;
        long early = pair[0].end().at;
        for (Line line : draft.of("events/a", pair[0].started().id())) {
            if (line.at >= early) {
                line.at += late - early;
            }
        }
        return true;
    }

    static boolean overlapByEarlyStart(Draft draft) {
        Handling[] pair = draft.any(neighbours(draft, "events/b", true));
        if (pair == null) {
            return false;
        }
        pair[1].start().at = (pair[0].start().at + pair[0].end().at) / 2;
        return draft.sends("events", pair[1].started().id()).get(0).at < pair[1].start().at;
    }

    static boolean overlapOfTwoConsumers(Draft draft) {
        Handling[] pair = draft.any(neighbours(draft, "events/a", true));
        if (pair == null) {
            return false;
        }
        pair[1].start().at = (pair[0].start().at + pair[0].end().at) / 2;
        for (Line line : draft.of("events/a", pair[1].started().id())) {
            if (line.event instanceof HandlerStarted e) {
                line.event = new HandlerStarted(e.source(), "other", e.id(), e.attempt(), e.content());
            } else if (line.event instanceof HandlerEnded e) {
                line.event = new HandlerEnded(e.source(), "other", e.id(), e.attempt(), e.succeeded());
            }
        }
        return draft.sends("events", pair[1].started().id()).get(0).at < pair[1].start().at;
    }

    static boolean overlapInTotalOrder(Draft draft) {
        Handling[] pair = draft.any(neighbours(draft, "ledger", false));
        if (pair == null) {
            return false;
        }
        pair[1].start().at = (pair[0].start().at + pair[0].end().at) / 2;
        return draft.sends("ledger", pair[1].started().id()).get(0).at < pair[1].start().at;
    }

    static boolean starveUnkeyedMessage(Draft draft) {
        return starve(draft, "bulk");
    }

    static boolean starveKey(Draft draft) {
        return starve(draft, "events/a");
    }

    /** Two messages of one producer change places. */
    private static boolean swap(Draft draft, String source, boolean sameKey) {
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
    private static boolean starve(Draft draft, String source) {
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
            line.at += 2_000 * SimulatedTime.MILLI;
        }
        return true;
    }

    /** Simple calls that follow each other in one key, by one consumer, with nothing unusual between them. */
    private static List<Handling[]> neighbours(Draft draft, String source, boolean sameKey) {
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

    private static String producer(Draft draft, String destination, Handling handling) {
        Line sent = draft.sends(destination, handling.started().id()).get(0);
        return ((Event.Sent) sent.event).producer();
    }
}
