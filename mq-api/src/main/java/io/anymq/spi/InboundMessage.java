package io.anymq.spi;

import io.anymq.API;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message received from the broker. The adapter's own class around the vendor's record; translate lazily where that
 * saves work. Read by one thread at a time; the data does not change.
 */
@API(API.Status.EVOLVING)
public interface InboundMessage {
    /**
     * The message id. Where a foreign client set none, one derived from the message's position, so that a redelivery
     * has the same; where the broker tells no position, one for each delivery. Never derived from the content: messages
     * that look alike are not the same.
     */
    String id();

    /** The ordering key, or null. */
    @Nullable
    String key();

    /**
     * The encoded body; not copied, must not be changed. Of a message that is {@link #undecodable()} the bytes as the
     * broker stores them. Throws nothing.
     */
    byte[] body();

    /**
     * About the size of the message as it is stored, in bytes, which bounds how many a consumer holds. By default the
     * length of {@link #body()}: to be overridden where that would decode it. Asked once, on the receive thread; throws
     * nothing.
     */
    default int size() {
        return body().length;
    }

    /**
     * What keeps the adapter from decoding the body, or null, as by default. Asked on the handler's side before {@link
     * #body()}, so that whatever takes time or memory can wait until then; an adapter never fails to receive because of
     * one message, never leaves one out, and never allocates a size that a message merely claims. The engine
     * dead-letters the message as UNDECODABLE. Throws nothing.
     */
    default @Nullable Undecodable undecodable() {
        return null;
    }

    /** The body's content type; empty if a foreign client did not set one. */
    String contentType();

    /** All headers as text: the sender's and AnyMQ's bookkeeping ones; unmodifiable, often empty. */
    Map<String, String> headers();

    /** When the producer sent it, milliseconds since 1970; 0 where a foreign client did not say. */
    long sentAtMillis();

    /**
     * When the broker stored this copy, milliseconds since 1970 by the broker's clock; 0 where it does not say, as by
     * default. Matters where delay is EMULATED: without it, the clocks of consumers' hosts must agree. Throws nothing.
     */
    default long storedAtMillis() {
        return 0;
    }

    /** Not before this, milliseconds since 1970; 0 for at once. */
    long deliverAtMillis();

    /**
     * When its sender said that it would be of no use any more, milliseconds since 1970; 0 for never, as by default. The
     * engine begins no attempt after that: it dead-letters the message as EXPIRED. Where brokers judge expiry by
     * themselves and leave nothing to the receiver, it stays 0.
     */
    default long expiresAtMillis() {
        return 0;
    }

    /**
     * The number of attempts of this stored copy that had begun before it was handed out, as far as the broker knows
     * ({@link Capability#DELIVERY_COUNT}), plus 1; 1 where it does not know. See {@link #attempts} for what counts. The
     * same value for as long as this object lives: attempts made now change it for the next hand-out only.
     */
    int deliveryCount();

    /** The stream it belongs to; messages of one lane are received in order. */
    Lane lane();

    /**
     * So many attempts of this stored copy have begun; said just before the handler is called, and again with one less
     * when an attempt is taken back: because a batch failed and each of its messages is repeated alone, or because the
     * message is given up while its handler runs: at a close or a hand-over whose time-out has passed, before the
     * receiver or the lane is, or because the receiver failed or the lane was lost.
     *
     * <p>A <b>stored copy</b> is one message as the broker keeps it: the result of a send at one queue, subscription or
     * redelivery address, from then until it is acknowledged. {@code total} includes the attempts of earlier hand-outs
     * ({@link #deliveryCount()} − 1), so the first call for a hand-out says {@code deliveryCount()} and each retry in
     * place says one more. It does not include the count in the header {@link WireHeaders#ATTEMPTS} of copies that were
     * settled when this one was stored: the engine adds those, and an adapter never reads that header.
     *
     * <p>If this copy is handed out again, for whatever reason, {@link #deliveryCount()} should be the last {@code
     * total} + 1. An adapter whose broker can keep that without a round trip does so here; others leave it empty.
     * Called on the handler's thread, and on the receive thread for what is given up; one call at a time; must not
     * block and throws nothing. A call that arrives while the lane is being given up may be ignored.
     */
    default void attempts(int total) {}

    /** The vendor's own message, if it is of this type; by default none. Throws nothing. */
    default <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }
}
