package io.anymq.history.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * I9: while a message of one key fails and waits for its retries, messages of other keys begin within the source's
 * bound.
 *
 * <p>A key is failing from the end of a message's first failed attempt until that message is done with. Looked at are
 * the confirmed messages that wait (from their confirm, or from when they are due, to their first attempt) while
 * another key is failing and their own is not. Where there is no key, each message is a key of its own. Waits across a
 * disruption are excused; what a hand-over between consumers takes, the bound must allow for. Sources without {@link
 * SourceRules#latencyBound} and with total order are left out.
 */
final class OtherKeysGoOn implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I9;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            Duration bound = source.rules.latencyBound();
            if (bound != null && source.rules.order() != Order.TOTAL) {
                check(index, source, bound.toNanos(), findings);
            }
        }
    }

    private static void check(Index index, SourceFacts source, long bound, Findings findings) {
        Map<String, List<long[]>> spans = new HashMap<>();
        List<long[]> allSpans = new ArrayList<>();
        for (Journey journey : source.journeys.values()) {
            long[] span = failing(index, source, journey);
            if (span != null) {
                spans.computeIfAbsent(key(index, source, journey), key -> new ArrayList<>())
                        .add(span);
                allSpans.add(span);
            }
        }
        if (allSpans.isEmpty()) {
            return;
        }
        Intervals all = Intervals.of(allSpans);
        Map<String, Intervals> byKey = new HashMap<>();
        spans.forEach((key, list) -> byKey.put(key, Intervals.of(list)));
        for (Journey journey : source.journeys.values()) {
            Send confirmed = journey.message == null ? null : journey.message.confirmed();
            if (confirmed != null && !journey.calls.isEmpty()) {
                Intervals own = byKey.getOrDefault(key(index, source, journey), Intervals.NONE);
                check(index, source, journey, confirmed, bound, all, own, findings);
            }
        }
    }

    private static void check(
            Index index,
            SourceFacts source,
            Journey journey,
            Send confirmed,
            long bound,
            Intervals all,
            Intervals own,
            Findings findings) {
        int begun = journey.calls.get(0).start;
        long start = index.at(begun);
        long due = Math.min(start, index.at(confirmed.ended) + confirmed.delayNanos);
        if (!all.touch(due, start) || own.touch(due, start)) {
            return;
        }
        findings.fact();
        long waited = start - due;
        if (waited <= bound + index.doubt(confirmed.ended, begun)) {
            return;
        }
        if (index.disrupted(source, Math.min(confirmed.ended, begun), begun)) {
            findings.excused();
        } else {
            findings.violation(
                    Names.of(journey) + " waited " + Names.millis(waited) + " in " + Names.of(source)
                            + " while another key was failing; the limit is " + Names.millis(bound),
                    confirmed.ended,
                    begun);
        }
    }

    private static long @Nullable [] failing(Index index, SourceFacts source, Journey journey) {
        int failure = Findings.NONE;
        for (Call call : journey.calls) {
            if (call.failed()) {
                failure = call.end;
                break;
            }
        }
        if (failure == Findings.NONE) {
            return null;
        }
        int end = journey.firstEnd(source.rules);
        long from = index.at(failure);
        return new long[] {from, end == Findings.NONE ? Intervals.NEVER : Math.max(from, index.at(end))};
    }

    private static String key(Index index, SourceFacts source, Journey journey) {
        String lane = source.laneOf(journey, index);
        return lane == null ? "id " + journey.id : "key " + lane;
    }
}
