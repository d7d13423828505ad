package io.anymq.internal.send;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content that one send stores at the broker: everything about a message except its destination and outcome.
 * Immutable; {@code lane} is −1 except for a redelivery address, {@code deliverAtMillis} is 0 for at once, {@code
 * storedAs} is empty except for what a redrive gives back to the broker as it was, and {@code received} is null except for
 * what is stored again.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared or hashed
public record EncodedMessage(
        String id,
        @Nullable String key,
        byte[] body,
        String contentType,
        Map<String, String> headers,
        long sentAtMillis,
        long deliverAtMillis,
        int lane,
        String storedAs,
        @Nullable InboundMessage received)
        implements WireMessage {
    /** An ordinary message. */
    public EncodedMessage(
            String id,
            @Nullable String key,
            byte[] body,
            String contentType,
            Map<String, String> headers,
            long sentAtMillis,
            long deliverAtMillis,
            int lane) {
        this(id, key, body, contentType, headers, sentAtMillis, deliverAtMillis, lane, "", null);
    }

    /** A received message that is sent on as it is, at once, with {@code headers} instead of its own. */
    public static EncodedMessage of(InboundMessage received, Map<String, String> headers) {
        return new EncodedMessage(
                received.id(),
                received.key(),
                received.body(),
                received.contentType(),
                headers,
                received.sentAtMillis(),
                0,
                -1,
                "",
                received);
    }

    /** The same message with {@code headers} instead of its own. */
    public EncodedMessage withHeaders(Map<String, String> others) {
        return new EncodedMessage(
                id, key, body, contentType, others, sentAtMillis, deliverAtMillis, lane, storedAs, received);
    }

    /** The same message for a later time, in this lane of a redelivery address (−1 where it has none). */
    public EncodedMessage deliveredAt(long millis, int redeliveryLane) {
        return new EncodedMessage(
                id, key, body, contentType, headers, sentAtMillis, millis, redeliveryLane, storedAs, received);
    }

    /** The same message, stored by the broker as {@code form} says; empty for an ordinary one. */
    public EncodedMessage storedAs(String form) {
        return form.isEmpty()
                ? this
                : new EncodedMessage(
                        id, key, body, contentType, headers, sentAtMillis, deliverAtMillis, lane, form, received);
    }
}
