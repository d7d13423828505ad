package io.anymq.bench.measure;

import io.anymq.bench.arm.Policy;
import io.anymq.bench.result.HistoryCheck;
import io.anymq.history.Content;
import io.anymq.history.Event;
import io.anymq.history.HistoryRecorder;
import io.anymq.history.SendOutcome;
import io.anymq.history.check.Expectations;
import io.anymq.history.check.Order;
import io.anymq.history.check.RetryRules;
import io.anymq.history.check.SourceRules;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The part of a run whose whole story is recorded for the history checker: its first messages, and all of a few keys. What is
 * left out is left out from send to settlement, so the checker's verdict on the rest is valid. The ledger sees every
 * message. Thread-safe.
 */
final class Audit {
    /** This many messages are recorded, regardless of their key, while the arm is cold. */
    static final int FIRST = 1_000;

    /** The keys whose messages are recorded. */
    static final int KEYS = 4;

    /** No more than these, so that the record stays small beside what is measured. */
    static final int MOST = 20_000;

    private static final String SOURCE = "run";
    private static final String PRODUCER = "sender";
    private static final String CONSUMER = "handlers";

    private final HistoryRecorder recorder = HistoryRecorder.inMemory("client");
    private final boolean ordered;
    private final Map<Long, Integer> attempts = new ConcurrentHashMap<>();
    private long admitted;
    private volatile long end = Long.MAX_VALUE;

    Audit(boolean ordered) {
        this.ordered = ordered;
    }

    /** Whether this message, which is about to be sent, is recorded; by the one sending thread. */
    boolean admits(int key, long sequence) {
        if (!has(key, sequence)) {
            return false;
        }
        if (admitted == MOST) {
            end = sequence;
            return false;
        }
        admitted++;
        return true;
    }

    /** Whether it was admitted. */
    boolean has(int key, long sequence) {
        return (sequence < FIRST || key < KEYS) && sequence < end;
    }

    void sending(String key, long sequence, byte[] body) {
        recorder.record(new Event.Sent(PRODUCER, SOURCE, id(sequence), Content.of(key, body)));
    }

    void sent(long sequence, boolean confirmed) {
        recorder.record(new Event.SendEnded(
                PRODUCER, SOURCE, id(sequence), confirmed ? SendOutcome.CONFIRMED : SendOutcome.UNKNOWN));
    }

    void handling(String key, long sequence, byte[] body) {
        int attempt = attempts.getOrDefault(sequence, 0) + 1;
        recorder.record(new Event.HandlerStarted(SOURCE, CONSUMER, id(sequence), attempt, Content.of(key, body)));
    }

    void handled(long sequence, boolean succeeded) {
        int attempt = attempts.getOrDefault(sequence, 0) + 1;
        if (!succeeded) {
            attempts.put(sequence, attempt);
        }
        recorder.record(new Event.HandlerEnded(SOURCE, CONSUMER, id(sequence), attempt, succeeded));
    }

    /** It has come out of the dead-letter queue. */
    void buried(long sequence) {
        recorder.record(
                new Event.DeadLettered(SOURCE, CONSUMER, id(sequence), attempts.getOrDefault(sequence, 0), "poison"));
    }

    private static String id(long sequence) {
        return Long.toString(sequence);
    }

    /** The checker's verdict, once all traffic has stopped. */
    HistoryCheck check(long sent) {
        SourceRules rules = SourceRules.of(ordered ? Order.PER_KEY : Order.UNORDERED)
                .retry(RetryRules.fixed(Policy.ATTEMPTS, Policy.DELAY).withTolerance(Policy.DELAY));
        Expectations expectations = Expectations.builder().queue(SOURCE, rules).build();
        return HistoryCheck.of(recorder.history(), expectations, admitted, admitted == sent);
    }
}
