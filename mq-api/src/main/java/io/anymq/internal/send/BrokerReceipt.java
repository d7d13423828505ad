package io.anymq.internal.send;

import io.anymq.Destination;
import io.anymq.Escape;
import io.anymq.Receipt;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code nativeReceipt} is the vendor client's result. */
record BrokerReceipt(
        String messageId, Destination destination, @Nullable Object nativeReceipt) implements Receipt {
    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(nativeReceipt) ? Optional.of(type.cast(nativeReceipt)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "receipt for " + Escape.forLog(messageId) + " at " + destination;
    }
}
