package io.anymq.history.check;

import io.anymq.history.Entry;
import io.anymq.history.History;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A history sorted by sources and messages, and the questions about time that several checks ask. */
final class Index {
    private final History history;
    private final Expectations expectations;
    private final long skew;
    private final Map<String, Boolean> stopped = new HashMap<>();
    final Map<String, SourceFacts> sources = new LinkedHashMap<>();

    /** By destination, then by id; destinations without sources, too. */
    final Map<String, Map<String, Message>> messages = new LinkedHashMap<>();

    /** Ends of sends that had not begun. */
    Positions strayEnds = Positions.EMPTY;

    Positions producerCrashes = Positions.EMPTY;

    /** Each with its end, {@link Findings#NONE} if it was never repaired. */
    final Map<Integer, Integer> faults = new LinkedHashMap<>();

    Index(History history, Expectations expectations) {
        this.history = history;
        this.expectations = expectations;
        this.skew = expectations.skewNanos();
    }

    Expectations expectations() {
        return expectations;
    }

    Collection<SourceFacts> allSources() {
        return sources.values();
    }

    Entry entry(int position) {
        return history.get(position);
    }

    long at(int position) {
        return history.get(position).at();
    }

    Map<String, Message> messagesOf(String destination) {
        return messages.getOrDefault(destination, Map.of());
    }

    /** Whether the first certainly happened before the second. */
    boolean before(int first, int second) {
        return entry(first).isBefore(entry(second), skew);
    }

    /** The time from the first to the second; may be wrong by {@link #doubt}. */
    long nanosBetween(int first, int second) {
        return at(second) - at(first);
    }

    /** By how much {@link #nanosBetween} may be wrong. */
    long doubt(int first, int second) {
        return entry(first).process().equals(entry(second).process()) ? 0 : skew;
    }

    /** Whether one of these may lie between the two, as far as the clocks can tell. */
    boolean maybeBetween(Positions positions, int from, int to) {
        long earliest = at(from) - skew;
        int low = 0;
        int high = positions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(positions.get(middle)) < earliest) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < positions.size() && at(positions.get(low)) <= at(to) + skew;
    }

    /** Whether the two calls certainly ran at the same time for a while. */
    boolean overlap(SourceFacts source, Call one, Call other) {
        return before(one.start, provenEnd(source, other)) && before(other.start, provenEnd(source, one));
    }

    /** Until when the call certainly ran. */
    int provenEnd(SourceFacts source, Call call) {
        return call.ended() ? call.end : source.consumer(call.consumer).provenEnd(call);
    }

    /** Whether something between the two may have repeated messages. */
    boolean disrupted(SourceFacts source, int from, int to) {
        return touches(source.disruptions, from, to);
    }

    /** Whether a message that was handled may have come again between the two. */
    boolean mayRepeat(SourceFacts source, int from, int to) {
        return expectations.redelivery() == Redelivery.ANY_TIME || disrupted(source, from, to);
    }

    /** Whether the consumer may have lost its messages between the two without knowing. */
    boolean troubled(ConsumerFacts consumer, int from, int to) {
        return touches(consumer.troubles, from, to);
    }

    /** Whether something between the two may have passed messages from one consumer to another. */
    boolean handedOver(SourceFacts source, int from, int to) {
        return touches(source.handovers, from, to);
    }

    private boolean touches(Intervals intervals, int from, int to) {
        return !intervals.isEmpty() && intervals.touch(at(from) - skew, at(to) + skew);
    }

    /** Whether another message with this id was sent anywhere. */
    boolean isKnownElsewhere(String id) {
        for (Map<String, Message> messages : messages.values()) {
            if (messages.containsKey(id)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the source was there when the message was sent, or has to catch up. */
    boolean owes(SourceFacts source, Send send) {
        int provisioned = source.provisioned.first();
        return provisioned == Findings.NONE || source.rules.fromEarliest() || before(provisioned, send.sent);
    }

    /** Whether the message is done: handled, dead-lettered, or as the source's rules define. */
    boolean isFinished(SourceFacts source, Journey journey) {
        int since = journey.redriven.last();
        for (int i = journey.calls.size() - 1; i >= 0; i--) {
            Call call = journey.calls.get(i);
            if (call.succeeded && counts(call.end, since)) {
                return true;
            }
            if (call.start < since) {
                break;
            }
        }
        if (counts(journey.skipped.last(), since) || counts(journey.found.last(), since)) {
            return true;
        }
        if (!source.rules.deadLettersRead() && counts(journey.deadLettered.last(), since)) {
            return true;
        }
        return source.rules.giveUp() == GiveUp.DISCARD && isDiscarded(source, journey);
    }

    private boolean counts(int position, int since) {
        return position != Findings.NONE && (since == Findings.NONE || !before(position, since));
    }

    private boolean isDiscarded(SourceFacts source, Journey journey) {
        Call last = journey.lastCall();
        RetryRules retry = source.rules.retry();
        return last != null
                && last.failed()
                && (last.attempt >= retry.maxAttempts() || retry.mayEndEarly())
                && (!source.rules.settlements() || journey.settled.last() > last.end);
    }

    /** Whether the source stands still because a message was given up and the rules say so. */
    boolean hasStopped(SourceFacts source) {
        return source.rules.giveUp() == GiveUp.STOP && stopped.computeIfAbsent(source.name, name -> findStop(source));
    }

    private boolean findStop(SourceFacts source) {
        for (Journey journey : source.journeys.values()) {
            Call last = journey.lastCall();
            if (last != null && last.failed() && !isFinished(source, journey)) {
                return true;
            }
        }
        return false;
    }
}
