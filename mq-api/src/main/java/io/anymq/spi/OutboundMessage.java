package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to the broker. The adapter may keep it until it has reported the outcome, and reports exactly
 * one outcome from any thread; further reports are ignored.
 */
@API(API.Status.EVOLVING)
public interface OutboundMessage extends WireMessage {
    /**
     * Asked by an adapter that lets messages wait in a queue of its own, right before it hands this one to the broker
     * or to the vendor's client. False when the engine has ended it or keeps it back meanwhile, because its time is up
     * or an earlier message of its key has failed: it must not leave then, and needs no outcome from the adapter. Any
     * thread; does not block; may run callbacks of the sender's, so hold no lock.
     */
    default boolean leaves() {
        return true;
    }

    /**
     * Says that {@link #rejected} or {@link #unknown} is about to be reported. An adapter that ends several messages
     * together, for instance those on a lost connection, says so of all of them before it reports on the first: the
     * engine then hands over no later message of their keys, which might get through. Any thread; does not block, and
     * runs no callback. Nothing by default.
     */
    default void failing() {}

    /** The broker has it. {@code nativeReceipt} is the vendor client's result, or null. */
    void confirmed(@Nullable Object nativeReceipt);

    /** It is certainly not stored. */
    void rejected(MessagingException error);

    /** It may be stored. */
    void unknown(MessagingException error);
}
