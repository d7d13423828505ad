package io.anymq.rabbitmq;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import org.jspecify.annotations.Nullable;

/** One message between {@code send} and its outcome. Thread-safe. */
final class PendingSend {
    final OutboundMessage message;
    final long sentNanos = System.nanoTime();
    private volatile @Nullable MessagingException returned;

    PendingSend(OutboundMessage message) {
        this.message = message;
    }

    /** The server returned it, because no queue takes it; its confirm is still to come. */
    void returned(MessagingException error) {
        returned = error;
    }

    boolean isReturned() {
        return returned != null;
    }

    void confirmed() {
        MessagingException error = returned;
        if (error == null) {
            message.confirmed(null);
        } else {
            message.rejected(error);
        }
    }
}
