package io.anymq;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a client, a message or a consumer, as told to a {@link MessagingObserver}. Immutable, except
 * for the producer or consumer that some refer to. Never holds a body.
 *
 * <p>AnyMQ makes the events; an application reads them through their accessors. A later version may add events, and
 * components to these, so construct them in tests only and do not take them apart with record patterns.
 */
@API(API.Status.STABLE)
public sealed interface MessagingEvent {
    /**
     * A client has connected. Told once, before anything else of this client.
     *
     * @param client its name at the broker, {@code anymq.name}
     * @param broker the scheme of its URL: {@code kafka}, {@code rabbitmq}, {@code rocketmq}, {@code activemq}, {@code
     *     inmemory}, or that of another adapter
     */
    record ClientOpened(String client, String broker) implements MessagingEvent {}

    /**
     * A producer was made. Those that the engine makes for outputs, dead letters and redrives are not told of.
     *
     * @param producer the producer, for what it counts; live and thread-safe
     */
    record ProducerOpened(Producer<?> producer) implements MessagingEvent {}

    /**
     * A producer was closed, by itself or with its client. Told once for each {@link ProducerOpened}.
     *
     * @param producer the same object as in {@link ProducerOpened}
     */
    record ProducerClosed(Producer<?> producer) implements MessagingEvent {}

    /**
     * A consumer has begun to receive. Its end shows in {@link Consumer#whenClosed()}.
     *
     * @param consumer the consumer, for what it counts; live and thread-safe
     */
    record ConsumerStarted(Consumer consumer) implements MessagingEvent {}

    /**
     * A send ended. Sends of handlers' outputs, dead letters, delayed retries and redrives count as well.
     *
     * @param destination where it was sent
     * @param messageId the id of the message
     * @param key the ordering key, or null
     * @param duration from the call of {@code send} to the outcome; zero where the message was refused at once
     * @param failure null when the broker confirmed
     */
    record SendEnded(
            Destination destination,
            String messageId,
            @Nullable String key,
            Duration duration,
            @Nullable SendException failure)
            implements MessagingEvent {}

    /**
     * One attempt of a handler ended. Its outputs, if any, are sent after this.
     *
     * @param source where the message was read
     * @param messageId the id of the message
     * @param key the ordering key, or null
     * @param attempt 1 for the first attempt
     * @param batchSize how many messages the handler got in the same call; 1 unless it is a batch handler
     * @param duration how long the handler and the interceptors around it took, for the whole batch
     * @param failure null when the attempt succeeded
     */
    record AttemptEnded(
            Source source,
            String messageId,
            @Nullable String key,
            int attempt,
            int batchSize,
            Duration duration,
            @Nullable Throwable failure)
            implements MessagingEvent {}

    /**
     * A failed message will be tried again.
     *
     * @param source where the message was read
     * @param messageId the id of the message
     * @param key the ordering key, or null
     * @param nextAttempt the number of the attempt that comes
     * @param delay how long it waits
     * @param failure the failure of the last attempt
     */
    record RetryScheduled(
            Source source,
            String messageId,
            @Nullable String key,
            int nextAttempt,
            Duration delay,
            @Nullable Throwable failure)
            implements MessagingEvent {}

    /**
     * The broker confirmed a message at its dead-letter queue.
     *
     * @param source where the message was read
     * @param messageId the id of the message
     * @param key the ordering key, or null
     * @param queue the dead-letter queue
     * @param reason why it was given up
     * @param attempts how many attempts were made
     * @param failure the failure of the last attempt, or null if the reason is not a failure
     */
    record DeadLettered(
            Source source,
            String messageId,
            @Nullable String key,
            Queue queue,
            DeadLetterReason reason,
            int attempts,
            @Nullable Throwable failure)
            implements MessagingEvent {}

    /**
     * A message was given up and dropped, because its dead-letter policy discards.
     *
     * @param source where the message was read
     * @param messageId the id of the message
     * @param key the ordering key, or null
     * @param reason why it was given up
     * @param attempts how many attempts were made
     * @param failure the failure of the last attempt, or null if the reason is not a failure
     */
    record Discarded(
            Source source,
            String messageId,
            @Nullable String key,
            DeadLetterReason reason,
            int attempts,
            @Nullable Throwable failure)
            implements MessagingEvent {}

    /**
     * A duplicate was recognized; its handler is not called, and it is settled.
     *
     * @param source where the message was read
     * @param messageId the id of the message
     * @param key the ordering key, or null
     */
    record DuplicateSkipped(
            Source source, String messageId, @Nullable String key) implements MessagingEvent {}

    /**
     * The broker was told that a message is done, whichever way it ended.
     *
     * @param source where the message was read
     * @param messageId the id of the message
     * @param key the ordering key, or null
     */
    record Settled(
            Source source, String messageId, @Nullable String key) implements MessagingEvent {}

    /**
     * The broker confirmed a dead letter at the source where it had failed.
     *
     * @param deadLetter the dead-letter queue it came from
     * @param origin the source it went back to
     * @param messageId the id of the message
     * @param key the ordering key, or null
     * @param redrives how many times it was sent back so far, this one included
     */
    record Redriven(
            Queue deadLetter,
            Source origin,
            String messageId,
            @Nullable String key,
            long redrives) implements MessagingEvent {}

    /**
     * An operator removed a dead letter for good.
     *
     * @param deadLetter the dead-letter queue it was in
     * @param origin the source where it had failed, or null if it carried none
     * @param messageId the id of the message
     * @param key the ordering key, or null
     */
    record LetterDiscarded(
            Queue deadLetter,
            @Nullable Source origin,
            String messageId,
            @Nullable String key) implements MessagingEvent {}

    /**
     * A redrive or a discard has ended, and with it what one operator did. Not told of a dry run, which does nothing.
     *
     * @param deadLetter the dead-letter queue
     * @param action {@code redrive}, {@code edit} or {@code discard}
     * @param operator who did it, as {@link RedriveOptions#operator()} says; empty if unknown
     * @param reason why, as {@link RedriveOptions#reason()} says; empty if not said
     * @param report what became of the letters
     * @param failure what ended it early, or null
     */
    record LettersHandled(
            Queue deadLetter,
            String action,
            String operator,
            String reason,
            RedriveReport report,
            @Nullable Throwable failure)
            implements MessagingEvent {}

    /**
     * A consumer's connection failed or came back, or the consumer stopped.
     *
     * @param source the source it reads
     * @param health how it is now
     */
    record HealthChanged(Source source, Health health) implements MessagingEvent {}
}
