package io.anymq;

import org.jspecify.annotations.Nullable;

/**
 * Learns what happens, for metrics and logs. Called on hot paths by many threads: return quickly and throw nothing (what
 * is thrown is logged once and dropped). Durations are in nanoseconds.
 */
public interface MessagingObserver {
    /** A send ended; {@code error} is null when it was confirmed. */
    default void sendEnded(Destination destination, long nanos, @Nullable SendException error) {}

    /** One attempt of a handler ended; {@code failure} is null when it succeeded. */
    default void attemptEnded(Source source, String messageId, int attempt, long nanos, @Nullable Throwable failure) {}

    /** A failed message will be tried again after {@code delayNanos}. */
    default void retryScheduled(Source source, String messageId, int nextAttempt, long delayNanos) {}

    /** A message was confirmed at the dead-letter queue. */
    default void deadLettered(Source source, String messageId, Queue deadLetter, String reason) {}

    /** A duplicate was recognized and settled without calling the handler. */
    default void duplicateSkipped(Source source, String messageId) {}

    /** A message was settled at the broker. */
    default void settled(Source source, String messageId) {}

    /** A consumer's connection failed or came back. */
    default void consumerHealthChanged(Source source, Health health) {}
}
