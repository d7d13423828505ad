package io.anymq.history.check;

import io.anymq.history.Event.BacklogSeen;
import java.time.Duration;
import java.util.Map;

/**
 * I12: after all faults are repaired and nothing more is sent, a source's backlog becomes empty, within the bound if
 * there is one, and is empty when it is looked at last.
 *
 * <p>Without a fault the last send counts alone. Where a fault was never repaired, or the backlog was not inspected
 * afterwards, there is nothing to check. A source that {@link GiveUp#STOP} has stopped is excused.
 */
final class BacklogEmpties implements Check {
    @Override
    public Invariant invariant() {
        return Invariant.I12;
    }

    @Override
    public void run(Index index, Findings findings) {
        int calm = Findings.NONE;
        for (int healed : index.faults.values()) {
            if (healed == Findings.NONE) {
                return;
            }
            calm = Math.max(calm, healed);
        }
        for (Map<String, Message> messages : index.messages.values()) {
            for (Message message : messages.values()) {
                for (Send send : message.sends) {
                    if (send.producer != null) {
                        calm = Math.max(calm, Math.max(send.sent, send.ended));
                    }
                }
            }
        }
        for (SourceFacts source : index.allSources()) {
            if (calm != Findings.NONE) {
                check(index, source, calm, findings);
            }
        }
    }

    private static void check(Index index, SourceFacts source, int calm, Findings findings) {
        int last = source.backlog.last();
        if (last == Findings.NONE || !index.before(calm, last)) {
            return;
        }
        findings.fact();
        if (index.hasStopped(source)) {
            findings.excused();
            return;
        }
        long left = messages(index, last);
        if (left != 0) {
            findings.violation(Names.of(source) + " still has " + left + " unsettled messages", calm, last);
            return;
        }
        Duration bound = index.expectations().drainBound();
        if (bound != null) {
            int empty = firstEmpty(index, source, calm);
            long took = index.nanosBetween(calm, empty);
            if (took - index.doubt(calm, empty) > bound.toNanos()) {
                findings.violation(
                        Names.of(source) + " took " + Names.millis(took) + " to become empty; the limit is "
                                + Names.millis(bound.toNanos()),
                        calm,
                        empty);
            }
        }
    }

    private static int firstEmpty(Index index, SourceFacts source, int calm) {
        for (int i = source.backlog.after(calm); i != Findings.NONE; i = source.backlog.after(i)) {
            if (messages(index, i) == 0) {
                return i;
            }
        }
        return source.backlog.last();
    }

    private static long messages(Index index, int position) {
        return ((BacklogSeen) index.entry(position).event()).messages();
    }
}
