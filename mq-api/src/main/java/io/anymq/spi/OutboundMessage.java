package io.anymq.spi;

import io.anymq.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to the broker. The adapter may keep it until it has reported the outcome, and reports exactly one
 * outcome from any thread; further reports are ignored.
 */
public interface OutboundMessage extends WireMessage {
    /** The broker has it. {@code nativeReceipt} is what the vendor's client returned, or null. */
    void confirmed(@Nullable Object nativeReceipt);

    /** It is certainly not stored. */
    void rejected(MessagingException error);

    /** It may be stored. */
    void unknown(MessagingException error);
}
