package io.anymq;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The broker's promise that it has the message. How strong that promise is (replicated, fsynced) is said in each
 * adapter's documentation. Immutable.
 */
public final class Receipt {
    private final String messageId;
    private final Destination destination;
    private final @Nullable Object nativeReceipt;

    /** Made by the engine; {@code nativeReceipt} is what the vendor's client returned. */
    public Receipt(String messageId, Destination destination, @Nullable Object nativeReceipt) {
        this.messageId = messageId;
        this.destination = destination;
        this.nativeReceipt = nativeReceipt;
    }

    /** The id of the confirmed message. */
    public String messageId() {
        return messageId;
    }

    /** Where it was sent. */
    public Destination destination() {
        return destination;
    }

    /** The vendor's own receipt, such as Kafka's {@code RecordMetadata}. */
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(nativeReceipt) ? Optional.of(type.cast(nativeReceipt)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "receipt for " + Escape.forLog(messageId) + " at " + destination;
    }
}
