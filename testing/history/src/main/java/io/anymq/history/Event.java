package io.anymq.history;

import org.jspecify.annotations.Nullable;

/**
 * An event in the life of a message or of its producers and consumers.
 *
 * <p>Names: a <em>destination</em> is the name of a queue or topic. A <em>source</em> is what consumers read: a queue's
 * name, or {@code topic/subscription}. A message is known by destination and id. A <em>consumer</em> is one member of a
 * source's group, with a name that is unique in the history; a <em>producer</em> is one thread's sequence of sends.
 *
 * <p>The time of recording decides what can be proven. A beginning is recorded before it happens, what ends after
 * it has ended; a handler's start and end are recorded inside the handler, first and last. So a recorded call is never
 * longer than the real one, and two recorded calls that overlap really did.
 */
public sealed interface Event {
    /**
     * A send begins. Recorded before {@code send} is called. The order of one producer's sends is the order of these
     * events, so sends of several threads have to be recorded as several producers.
     *
     * @param producer one thread's sequence of sends
     * @param destination name of the queue or topic
     * @param id of the message; a re-send is a second event with the same id
     * @param content the content that must arrive
     * @param delayNanos how much later than now it is due; 0 for at once
     */
    record Sent(String producer, String destination, String id, Content content, long delayNanos) implements Event {
        /** A message that is due at once. */
        public Sent(String producer, String destination, String id, Content content) {
            this(producer, destination, id, content, 0);
        }
    }

    /** A send has ended. Recorded when the caller learned of it. */
    record SendEnded(String producer, String destination, String id, SendOutcome outcome) implements Event {}

    /** A producer's process was killed: its sends without an end are unknown. Recorded before the kill. */
    record ProducerCrashed(String producer) implements Event {}

    /**
     * The source exists now. Recorded after it was provisioned; it need not receive messages sent before. A source
     * without this event has existed from the beginning.
     */
    record Provisioned(String source) implements Event {}

    /** A handler is called with {@code content}. Recorded as the first thing inside the handler. */
    record HandlerStarted(String source, String consumer, String id, int attempt, Content content) implements Event {}

    /** A handler returns, or throws. Recorded as the last thing inside the handler. */
    record HandlerEnded(String source, String consumer, String id, int attempt, boolean succeeded) implements Event {}

    /** A handler hands over an output. Recorded inside the handler. */
    record OutputPublished(
            String source,
            String consumer,
            String id,
            int attempt,
            String destination,
            String outputId,
            Content content)
            implements Event {}

    /** The broker confirmed an output. Recorded before the engine learns of it, or it may settle the input earlier. */
    record OutputConfirmed(String source, String consumer, String id, String destination, String outputId)
            implements Event {}

    /** The message was settled at the broker. Recorded after that. */
    record Settled(String source, String consumer, String id) implements Event {}

    /** A duplicate was recognized and settled without a call of the handler. */
    record DuplicateSkipped(String source, String consumer, String id) implements Event {}

    /** The consumer reports that the dead-letter queue has confirmed the message, which states {@code attempts}. */
    record DeadLettered(String source, String consumer, String id, int attempts, String reason) implements Event {}

    /**
     * The message was read from the dead-letter queue, preferably by the vendor's own client. One event per copy;
     * recorded once per copy, whenever the queue is read.
     */
    record DeadLetterFound(String source, String id, Content content, int attempts, String reason) implements Event {}

    /** A dead letter goes back to its source. Recorded before the redrive. */
    record Redriven(String source, String id) implements Event {}

    /**
     * The handler's effect is there, for example as a row in its database; may be recorded after everything else, by
     * reading them all.
     *
     * @param source whose handler did it
     * @param id of the message that caused it
     * @param effect the effect's name, unique in the source: the id again, or a business key
     */
    record EffectApplied(String source, String id, String effect) implements Event {
        /** An effect that is known by the message's id. */
        public EffectApplied(String source, String id) {
            this(source, id, id);
        }
    }

    /**
     * Something is broken from now on. Recorded before it is broken.
     *
     * @param fault a name; not used again before it is healed
     * @param consumer the only consumer affected, such as a suspended process; null if all may be
     */
    record FaultBegan(String fault, @Nullable String consumer) implements Event {}

    /** The fault is repaired. Recorded afterwards. */
    record FaultHealed(String fault) implements Event {}

    /** A consumer joins its source's group. Recorded before it is started. */
    record ConsumerOpened(String source, String consumer) implements Event {}

    /** A consumer is asked to close. Recorded before that. */
    record ConsumerClosing(String source, String consumer) implements Event {}

    /** A consumer's close has returned; {@code clean} if within its bound. Recorded after that. */
    record ConsumerClosed(String source, String consumer, boolean clean) implements Event {}

    /** A consumer's process is killed. Recorded before that. */
    record ConsumerCrashed(String source, String consumer) implements Event {}

    /** The source had so many messages that were not settled. */
    record BacklogSeen(String source, long messages) implements Event {}
}
