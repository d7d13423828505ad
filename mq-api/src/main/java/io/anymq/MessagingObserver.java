package io.anymq;

/**
 * Learns what happens, for metrics and logs. Override what matters; every method does nothing by default. Thread-safe:
 * many threads call it, on hot paths, so return quickly. An observer's exceptions are logged once per kind of event and
 * dropped; it never disturbs the message or the other observers.
 *
 * <pre>{@code
 * MessagingClient.builder().observer(new MessagingObserver() {
 *     public void deadLettered(MessagingEvent.DeadLettered event) {
 *         deadLetters.labels(event.source().path(), event.reason().name()).inc();
 *     }
 * });
 * }</pre>
 *
 * <p>Observers are called in the order in which they were added. An observer cannot change anything; an {@link
 * Interceptor} can.
 */
@API(API.Status.STABLE)
public interface MessagingObserver {
    /** A client has connected; told before anything else of it. */
    default void clientOpened(MessagingEvent.ClientOpened event) {}

    /** A producer was made. */
    default void producerOpened(MessagingEvent.ProducerOpened event) {}

    /** A producer was closed. */
    default void producerClosed(MessagingEvent.ProducerClosed event) {}

    /** A consumer has begun to receive. */
    default void consumerStarted(MessagingEvent.ConsumerStarted event) {}

    /** A send ended, confirmed or failed. */
    default void sendEnded(MessagingEvent.SendEnded event) {}

    /** One attempt of a handler ended. */
    default void attemptEnded(MessagingEvent.AttemptEnded event) {}

    /** A failed message will be tried again. */
    default void retryScheduled(MessagingEvent.RetryScheduled event) {}

    /** A message was confirmed at its dead-letter queue. */
    default void deadLettered(MessagingEvent.DeadLettered event) {}

    /** A message was given up and dropped. */
    default void discarded(MessagingEvent.Discarded event) {}

    /** A duplicate was recognized and its handler was not called. */
    default void duplicateSkipped(MessagingEvent.DuplicateSkipped event) {}

    /** A message was settled at the broker. */
    default void settled(MessagingEvent.Settled event) {}

    /** A dead letter was sent back to where it had failed. */
    default void redriven(MessagingEvent.Redriven event) {}

    /** A dead letter was removed for good by an operator. */
    default void letterDiscarded(MessagingEvent.LetterDiscarded event) {}

    /** A redrive or a discard has ended. */
    default void lettersHandled(MessagingEvent.LettersHandled event) {}

    /** What a consumer depends on failed or came back: its connection, store, executor or dead-letter queue. */
    default void consumerHealthChanged(MessagingEvent.HealthChanged event) {}
}
