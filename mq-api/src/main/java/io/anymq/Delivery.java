package io.anymq;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message being processed by a handler. Returning normally settles it; throwing starts the retry policy. Used by one
 * handler call at a time; {@link #publish} may be called from any thread until the handler has finished.
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
public interface Delivery<T> {
    /** The decoded body. */
    T body();

    /** The id given by the producer; the same on every redelivery. */
    String id();

    /**
     * The ordering key, or null. A key of another program need not be text: where the broker carries bytes, each byte
     * that is not UTF-8 is a single low surrogate, U+DC00 plus the byte, which no message of a {@link Producer} has.
     */
    @Nullable
    String key();

    /** The sender's headers, without AnyMQ's own, which begin with {@code mq-}; unmodifiable. */
    Map<String, String> headers();

    /**
     * Why this message is in a dead-letter queue; empty unless AnyMQ dead-lettered it and it was not redriven since.
     */
    Optional<DeadLetterInfo> deadLetter();

    /** The number of times {@link MessagingClient#redrive} has brought this message back from a dead-letter queue. */
    int redrives();

    /** 1 on the first attempt. Counts across redeliveries as far as the broker carries the count. */
    int attempt();

    /** Where it was read from. */
    Source source();

    /** When the producer sent it, by the producer's clock; {@link Instant#EPOCH} where a foreign client did not say. */
    Instant sentAt();

    /** The body's content type, such as {@code application/json}. */
    String contentType();

    /**
     * Emits a message that belongs to this one: sent after the handler returned normally, and confirmed before this
     * delivery is settled, so a crash repeats it rather than loses it. If it cannot be confirmed, the attempt counts as
     * failed. At most 1,000 per attempt.
     *
     * @throws MessagingException with {@link ErrorCode#CLOSED} once the handler has finished
     */
    void publish(Destination destination, Message<?> message);

    /** Like {@link #publish(Destination, Message)}, for a bare body. */
    default void publish(Destination destination, Object body) {
        publish(destination, Message.of(body));
    }

    /** The vendor's own message, such as Kafka's {@code ConsumerRecord}. */
    <V> Optional<V> unwrap(Class<V> type);
}
