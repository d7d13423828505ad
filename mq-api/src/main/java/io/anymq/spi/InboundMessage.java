package io.anymq.spi;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message received from the broker. The adapter's own class around the vendor's record; translate lazily where that
 * saves work. Read by one thread at a time; the data does not change.
 */
public interface InboundMessage {
    /**
     * The message id. Where a foreign client set none, one derived from the message's position, so that a redelivery has
     * the same.
     */
    String id();

    /** The ordering key, or null. */
    @Nullable
    String key();

    /** The encoded body; not copied, must not be changed. */
    byte[] body();

    /** What the body is encoded as; empty where a foreign client did not say. */
    String contentType();

    /** All headers as text: the sender's and AnyMQ's bookkeeping ones; unmodifiable, often empty. */
    Map<String, String> headers();

    /** When the producer sent it, milliseconds since 1970; 0 where a foreign client did not say. */
    long sentAtMillis();

    /** Not before this, milliseconds since 1970; 0 for at once. */
    long deliverAtMillis();

    /**
     * How often this message was given to a handler before, as far as the broker knows ({@link
     * Capability#DELIVERY_COUNT}), plus 1; 1 where it does not know.
     */
    int deliveryCount();

    /** The stream it belongs to; messages of one lane are received in order. */
    Lane lane();

    /**
     * The engine is about to call the handler for attempt {@code attempt}. Called on the handler's thread; must not block.
     * An adapter whose broker can count attempts without a round trip does so here; others leave it empty.
     */
    void attemptStarting(int attempt);

    /**
     * The attempt announced last does not count after all: it was one of a batch that failed, and the message is to be
     * handled again alone. Called on the handler's thread; must not block. An adapter that counts in {@link
     * #attemptStarting} counts one less from now on, or a message that is handed over right then would have an attempt
     * less than its policy grants.
     */
    default void attemptTakenBack() {}

    /** The vendor's own message, if it is of this type. */
    <V> Optional<V> unwrap(Class<V> type);
}
