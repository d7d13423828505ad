package io.anymq.inmemory.broker;

import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import java.util.List;

/**
 * A send that waits for room.
 *
 * @param port its sender
 * @param message the message
 * @param size its size
 * @param deadlineNanos when it is given up, by the sender's {@link io.anymq.TimeSource#nanoTime()}
 */
record PendingSend(PublisherPort port, OutboundMessage message, int size, long deadlineNanos) {
    static void confirm(List<PendingSend> stored) {
        for (PendingSend send : stored) {
            send.message.confirmed(null);
        }
    }

    static void reject(List<PendingSend> sends, MessagingException error) {
        for (PendingSend send : sends) {
            send.message.rejected(error);
        }
    }

    static void unknown(List<PendingSend> sends, MessagingException error) {
        for (PendingSend send : sends) {
            send.message.unknown(error);
        }
    }
}
