package io.anymq.history.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that happened to one message in one source. */
final class Journey {
    final String id;

    /** Null when no such message was sent to the source's destination. */
    final @Nullable Message message;

    /** In the order of their starts. */
    final List<Call> calls = new ArrayList<>(1);

    Positions settled = Positions.EMPTY;
    Positions skipped = Positions.EMPTY;
    Positions deadLettered = Positions.EMPTY;
    Positions found = Positions.EMPTY;
    Positions redriven = Positions.EMPTY;
    Positions effects = Positions.EMPTY;
    private @Nullable Map<OutputKey, Integer> confirmedOutputs;

    Journey(String id, @Nullable Message message) {
        this.id = id;
        this.message = message;
    }

    void outputConfirmed(OutputKey output, int position) {
        if (confirmedOutputs == null) {
            confirmedOutputs = new HashMap<>();
        }
        confirmedOutputs.putIfAbsent(output, position);
    }

    /** Where it was confirmed first. */
    int confirmOf(OutputKey output) {
        return confirmedOutputs == null ? Findings.NONE : confirmedOutputs.getOrDefault(output, Findings.NONE);
    }

    int copies() {
        return message == null ? 1 : message.copies();
    }

    @Nullable
    Call lastCall() {
        return calls.isEmpty() ? null : calls.get(calls.size() - 1);
    }

    /** The first thing that shows the message in this source; redrives, effects and later reads do not. */
    int firstSeen() {
        int first = calls.isEmpty() ? Findings.NONE : calls.get(0).start;
        first = earlier(first, deadLettered.first());
        first = earlier(first, skipped.first());
        return earlier(first, settled.first());
    }

    /** The first thing of whatever kind. */
    int firstTrace() {
        return earlier(earlier(firstSeen(), found.first()), effects.first());
    }

    /**
     * The first thing after which no attempt is owed: success, dead letter, recognized duplicate, settlement; where the
     * rules discard, also a failure that has used up the attempts.
     */
    int firstEnd(SourceRules rules) {
        int first = Findings.NONE;
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if (first != Findings.NONE && call.start > first) {
                break;
            }
            if (call.succeeded || (call.ended() && rules.giveUp() == GiveUp.DISCARD && usesUp(i, rules.retry()))) {
                first = earlier(first, call.end);
            }
        }
        first = earlier(first, deadLettered.first());
        first = earlier(first, skipped.first());
        first = earlier(first, settled.first());
        return earlier(first, found.first());
    }

    /** Whether the message may have been given up after this call: nothing else tells of a discard. */
    private boolean usesUp(int index, RetryRules retry) {
        int attempt = calls.get(index).attempt;
        boolean retried = index + 1 < calls.size() && calls.get(index + 1).attempt == attempt + 1;
        return attempt >= retry.maxAttempts() || (retry.mayEndEarly() && !retried);
    }

    private static int earlier(int a, int b) {
        return a == Findings.NONE ? b : b == Findings.NONE ? a : Math.min(a, b);
    }
}
