package io.anymq.history.check;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The expectations of one source. Immutable; each method returns a copy.
 *
 * <pre>{@code
 * SourceRules.of(Order.PER_KEY).retry(RetryRules.fixed(3, Duration.ofMillis(100))).exactlyOnceEffects()
 * }</pre>
 *
 * @param order the destination's order
 * @param retry the consumers' retry policy
 * @param giveUp what becomes of messages whose attempts are used up
 * @param effects whether every handled message has one effect (I11)
 * @param settlements whether settlements are recorded, so that one that is missing means something (I13)
 * @param deadLettersRead whether the dead-letter queue was read, so that only a dead letter found there counts (I1)
 * @param latencyBound the longest a message may wait while another key fails (I9); null to leave the source out
 * @param fromEarliest whether messages sent before the source was provisioned are owed to it
 */
public record SourceRules(
        Order order,
        RetryRules retry,
        GiveUp giveUp,
        boolean effects,
        boolean settlements,
        boolean deadLettersRead,
        @Nullable Duration latencyBound,
        boolean fromEarliest) {
    /** This order, AnyMQ's default retry policy without jitter, dead letters, and nothing of the rest. */
    public static SourceRules of(Order order) {
        RetryRules retry = RetryRules.exponential(5, Duration.ofMillis(200), 2, Duration.ofSeconds(30));
        return new SourceRules(order, retry, GiveUp.DEAD_LETTER, false, false, false, null, false);
    }

    /** With this retry policy. */
    public SourceRules retry(RetryRules retry) {
        return new SourceRules(order, retry, giveUp, effects, settlements, deadLettersRead, latencyBound, fromEarliest);
    }

    /** With this end of messages whose attempts are used up. */
    public SourceRules giveUp(GiveUp giveUp) {
        return new SourceRules(order, retry, giveUp, effects, settlements, deadLettersRead, latencyBound, fromEarliest);
    }

    /** Effects are recorded, and every handled message must have one. */
    public SourceRules exactlyOnceEffects() {
        return new SourceRules(order, retry, giveUp, true, settlements, deadLettersRead, latencyBound, fromEarliest);
    }

    /** Settlements are recorded. */
    public SourceRules recordingSettlements() {
        return new SourceRules(order, retry, giveUp, effects, true, deadLettersRead, latencyBound, fromEarliest);
    }

    /** The dead-letter queue was read to its end. */
    public SourceRules readingDeadLetters() {
        return new SourceRules(order, retry, giveUp, effects, settlements, true, latencyBound, fromEarliest);
    }

    /** No message waits longer than this while another key fails, counted from its confirm to its first attempt. */
    public SourceRules latencyBound(Duration bound) {
        return new SourceRules(order, retry, giveUp, effects, settlements, deadLettersRead, bound, fromEarliest);
    }

    /** The subscription starts with the messages that the broker retains. */
    public SourceRules startingFromEarliest() {
        return new SourceRules(order, retry, giveUp, effects, settlements, deadLettersRead, latencyBound, true);
    }
}
