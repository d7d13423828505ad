package io.anymq.policy;

import org.jspecify.annotations.Nullable;

/**
 * What happens to a message whose attempts are used up, that fails permanently or cannot be decoded.
 *
 * <p>Default: exactly one copy goes to the queue {@code <queue>-dead}, or {@code <topic>-<subscription>-dead}; it is
 * confirmed there before the original is settled. If the dead-letter queue is down, the original stays unsettled and its
 * key waits. Immutable.
 *
 * <pre>{@code
 * DeadLetterPolicy.to("orders-dead").thenParkKey()
 * }</pre>
 *
 * @param queue the dead-letter queue's name, or null for the default name
 * @param then what happens to the messages behind it
 * @param discard whether the message is dropped, with a log line, in place of being kept
 * @param exceptionDetails whether exception message and stack trace are put into the headers, cut at 2 KiB; off by
 *     default because they may hold data
 */
public record DeadLetterPolicy(@Nullable String queue, Then then, boolean discard, boolean exceptionDetails) {
    /** What happens after a message was given up. */
    public enum Then {
        /** Go on with the next message. The default. */
        CONTINUE,
        /**
         * Later messages of the same key go straight to the dead letter too, until {@code Consumer.resumeKey} or a
         * restart: for work that makes no sense with a gap.
         */
        PARK_KEY,
        /**
         * Stop the consumer and leave the message at the broker, unsettled: nothing is dead-lettered, health goes DOWN.
         */
        STOP
    }

    /** Keeps the message under the default name and goes on. */
    public static final DeadLetterPolicy DEFAULT = new DeadLetterPolicy(null, Then.CONTINUE, false, false);

    /** Keeps the message in this queue and goes on. */
    public static DeadLetterPolicy to(String queue) {
        return new DeadLetterPolicy(queue, Then.CONTINUE, false, false);
    }

    /** Drops the message with a log line: for data that is worthless when late. */
    public static DeadLetterPolicy discarding() {
        return new DeadLetterPolicy(null, Then.CONTINUE, true, false);
    }

    /** Leaves the message at the broker and stops the consumer. */
    public static DeadLetterPolicy stop() {
        return new DeadLetterPolicy(null, Then.STOP, false, false);
    }

    /** A copy that parks the key. */
    public DeadLetterPolicy thenParkKey() {
        return new DeadLetterPolicy(queue, Then.PARK_KEY, discard, exceptionDetails);
    }

    /** A copy that puts the exception's message and stack trace into the headers. */
    public DeadLetterPolicy withExceptionDetails() {
        return new DeadLetterPolicy(queue, then, discard, true);
    }
}
