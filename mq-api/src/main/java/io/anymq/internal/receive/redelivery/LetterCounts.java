package io.anymq.internal.receive.redelivery;

import io.anymq.LetterResult.Outcome;
import io.anymq.MessagingException;
import io.anymq.RedriveReport;
import io.anymq.Source;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of the letters of one redrive so far. Thread-safe. */
final class LetterCounts {
    private static final int MAX_FAILURES = 100;

    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    private final Map<Source, MessagingException> failures = new LinkedHashMap<>();
    private boolean cancelled;

    private record Report(
            int redriven,
            int discarded,
            int loopGuarded,
            int foreign,
            int failed,
            int uncertain,
            int failedAgain,
            int mayRemain,
            boolean cancelled,
            Map<Source, MessagingException> failures)
            implements RedriveReport {}

    synchronized void count(Outcome outcome) {
        counts.merge(outcome, 1, Integer::sum);
    }

    /** Whether it is the first failure of this target that is kept. */
    synchronized boolean failed(Source target, MessagingException failure) {
        return failures.size() < MAX_FAILURES && failures.putIfAbsent(target, failure) == null;
    }

    synchronized void cancelled() {
        cancelled = true;
    }

    private int of(Outcome... outcomes) {
        int sum = 0;
        for (Outcome outcome : outcomes) {
            @Nullable Integer count = counts.get(outcome);
            sum += count == null ? 0 : count;
        }
        return sum;
    }

    synchronized RedriveReport report() {
        return new Report(
                of(Outcome.REDRIVEN),
                of(Outcome.DISCARDED),
                of(Outcome.LOOP_GUARDED),
                of(Outcome.FOREIGN),
                of(Outcome.FAILED, Outcome.UNCERTAIN, Outcome.BEHIND),
                of(Outcome.UNCERTAIN),
                of(Outcome.FAILED_AGAIN),
                of(Outcome.MAY_REMAIN),
                cancelled,
                Map.copyOf(failures));
    }
}
