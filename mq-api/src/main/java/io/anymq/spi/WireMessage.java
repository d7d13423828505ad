package io.anymq.spi;

import io.anymq.API;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An encoded message, made by the engine for the broker. The data does not change; safe to read from any thread. */
@API(API.Status.EVOLVING)
public interface WireMessage {
    /** The message id, never empty; the same when it is sent again. */
    String id();

    /** The ordering key, or null. */
    @Nullable
    String key();

    /** The encoded body, possibly empty; must not be changed. */
    byte[] body();

    /** The body's content type. */
    String contentType();

    /**
     * How to store the body if it is not to be decoded: what the same adapter once gave as {@link
     * Undecodable#storedAs()}, in a redrive. Empty for every other message. A sender that does not know the text rejects
     * the message with INVALID_MESSAGE, because anyone who may write to a dead-letter queue may have written it.
     */
    default String storedAs() {
        return "";
    }

    /**
     * The message as this adapter gave it out, where the engine stores it again: as a dead letter, for a retry, or on its
     * way back; null for a new one. What AnyMQ has no name for is kept with its help: the bytes and types of headers,
     * and the vendor's own properties, such as AMQP's {@code reply-to}. What this message says itself goes first, and an
     * expiry must not be in force again, or the message could vanish; see {@link WireHeaders#EXPIRATION}.
     */
    default @Nullable InboundMessage received() {
        return null;
    }

    /** The sender's headers and AnyMQ's own bookkeeping ones ({@link WireHeaders}); unmodifiable, often empty. */
    Map<String, String> headers();

    /** When the producer sent it, milliseconds since 1970. */
    long sentAtMillis();

    /**
     * Deliver no earlier than this, milliseconds since 1970; 0 for at once. With DELAY EMULATED the adapter stores it
     * and hands it back in {@link InboundMessage#deliverAtMillis()}; the engine does the waiting.
     */
    long deliverAtMillis();

    /** The lane of a redelivery address, from 0; −1 everywhere else. */
    int lane();
}
