package io.anymq.history.check;

import java.util.ArrayList;
import java.util.List;

/**
 * I6: where a source keeps order, no two handler calls of one key run at the same time, in whatever consumer.
 *
 * <p>A recorded call is never longer than the real one, so what overlaps in the history overlapped. A call without an end
 * (a crash) is taken to have run until its consumer's last sign of life. Two consumers may overlap when the older call's
 * consumer could have lost its messages without knowing: since that call began it was suspended or cut off, crashed, was
 * closed with a handler still running, or the broker was broken. The same if the later call's consumer was so cut off just
 * before, within the aftermath, that it may not know yet. Such zombies are possible on every broker and are counted
 * as excused. Two calls in one consumer are never excused.
 */
final class NoOverlap implements Check {
    /** More calls of a key at once than this are not compared each with each: the first few prove it. */
    private static final int COMPARED = 64;

    @Override
    public Invariant invariant() {
        return Invariant.I6;
    }

    @Override
    public void run(Index index, Findings findings) {
        for (SourceFacts source : index.allSources()) {
            source.lanes(index).forEach((lane, calls) -> {
                findings.facts(Math.max(0, calls.size() - 1));
                check(index, source, lane, calls, findings);
            });
        }
    }

    private static void check(
            Index index, SourceFacts source, String lane, List<SourceFacts.LaneCall> calls, Findings findings) {
        List<SourceFacts.LaneCall> running = new ArrayList<>();
        for (SourceFacts.LaneCall next : calls) {
            running.removeIf(older -> !index.before(next.call().start, index.provenEnd(source, older.call())));
            boolean excused = false;
            for (SourceFacts.LaneCall older : running) {
                if (!index.overlap(source, older.call(), next.call())) {
                    continue;
                }
                if (isExcused(index, source, older.call(), next.call())) {
                    excused = true;
                    continue;
                }
                report(index, source, lane, older, next, findings);
                excused = false;
                break;
            }
            if (excused) {
                findings.excused();
            }
            if (running.size() < COMPARED) {
                running.add(next);
            }
        }
    }

    private static boolean isExcused(Index index, SourceFacts source, Call older, Call next) {
        return !older.consumer.equals(next.consumer)
                && (index.troubled(source.consumer(older.consumer), older.start, next.start)
                        || index.troubled(source.consumer(next.consumer), next.start, next.start));
    }

    private static void report(
            Index index,
            SourceFacts source,
            String lane,
            SourceFacts.LaneCall older,
            SourceFacts.LaneCall next,
            Findings findings) {
        String key = source.rules.order() == Order.TOTAL ? "" : " of key " + Names.quote(lane);
        findings.violation(
                "in " + Names.of(source) + key + ", the call for " + Names.of(next.journey())
                        + " began while the one for " + Names.of(older.journey()) + " was running",
                older.call().start,
                next.call().start,
                index.provenEnd(source, older.call()));
    }
}
