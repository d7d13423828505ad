package io.anymq.internal.receive.policy;

import io.anymq.Receipt;
import io.anymq.spi.InboundMessage;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The way back to the source of a message. Thread-safe. */
public interface ReturnPath {
    boolean isPossible();

    /** Sends {@code message} with these headers, to be delivered at {@code deliverAtMillis} (0: now). Never throws. */
    CompletableFuture<Receipt> send(InboundMessage message, Map<String, String> headers, long deliverAtMillis);
}
