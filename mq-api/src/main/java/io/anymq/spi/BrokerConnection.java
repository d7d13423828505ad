package io.anymq.spi;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.Optional;

/**
 * An open connection. Thread-safe. It reconnects by itself when the broker comes back; senders and receivers opened
 * before fail with a retryable UNAVAILABLE and, for receivers, is opened again by the engine.
 */
@API(API.Status.EVOLVING)
public interface BrokerConnection {
    /** The capabilities of the connected broker; constant for the life of the connection. */
    Capabilities capabilities();

    /**
     * Makes sure that {@code address} exists. Called on a user's or the engine's thread before the address is used;
     * idempotent; blocks at most the operation time-out. A subscription that is created starts where it says from this
     * moment on: its start is written at the broker before this returns.
     *
     * <p>MISMATCH means that the address exists with another {@link Address#ordering()} than it is declared with now,
     * or in another shape (kind, number of lanes) that would break the declared ordering. Found in both modes,
     * never repaired: the error names the found and the declared state, one of which must change. Where the broker itself
     * cannot tell, the adapter keeps the first declaration there ({@link io.anymq.spi.support.Declaration}); what others
     * have made has none, is accepted, and is declared by the first client whose mode is CREATE.
     *
     * <p>A dead-letter queue is a queue like any other, provisioned when the consumer starts and always declared
     * PER_KEY, whatever the ordering of its source. Where PER_KEY_ORDER is UNSUPPORTED the adapter treats that as
     * UNORDERED.
     *
     * @throws MessagingException NOT_FOUND (mode VALIDATE), MISMATCH, AUTHORIZATION, UNSUPPORTED, UNAVAILABLE, TIMEOUT
     */
    void provision(Address address, ProvisionMode mode);

    /**
     * Opens a sender to a queue, a topic or a redelivery address that was provisioned. Does not block for long.
     *
     * @throws MessagingException as {@link #provision}
     */
    BrokerSender openSender(Address address, SenderOptions options);

    /**
     * Opens a receiver on a queue, a subscription or (DELAY EMULATED) a redelivery address that was provisioned. Called
     * on the thread that will use it; blocks at most the operation time-out.
     *
     * @throws MessagingException as {@link #provision}
     */
    BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener);

    /**
     * Opens a look at a queue or subscription that exists. Called where {@link Capability#BROWSE} is not UNSUPPORTED;
     * blocks at most the operation time-out. Creates nothing.
     *
     * @throws MessagingException as {@link #provision}; UNSUPPORTED by default
     */
    default BrokerBrowser openBrowser(Address.OfSource address) {
        throw new MessagingException(ErrorCode.UNSUPPORTED, "this broker's messages cannot be looked at");
    }

    /** Asks the broker for a sign of life; blocks at most {@code timeout}; never throws. */
    Health probe(Duration timeout);

    /** The vendor's own client, if it is of this type; by default none. From any thread; throws nothing. */
    default <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }

    /**
     * Closes everything that is still open and frees every thread and socket within {@code timeout}, by force if need
     * be. The engine has closed senders and receivers before. Idempotent; throws nothing.
     */
    void close(Duration timeout);
}
