package io.anymq.inmemory;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.VendorErrors;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns unacceptable messages into errors; the messages themselves need no translation. Stateless. */
final class InMemoryTranslator {
    private InMemoryTranslator() {}

    /** Why the broker does not take the message, or null when it does. */
    static @Nullable MessagingException refusal(OutboundMessage message, int maxBodyBytes) {
        if (isMissing(message.id()) || isMissing(message.body()) || isMissing(message.contentType())) {
            return invalid("a message must have an id, a body (which may be empty) and a content type");
        }
        if (!message.storedAs().isEmpty()) {
            return VendorErrors.unknownForm("the in-memory broker", message.storedAs());
        }
        int bytes = message.body().length;
        if (bytes > maxBodyBytes) {
            return new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "the body must not exceed " + maxBodyBytes + " bytes at the in-memory broker, but has " + bytes
                            + "; send a smaller body, or raise anymq.inmemory.max-body");
        }
        Map<String, String> headers = message.headers();
        if (isMissing(headers)) {
            return invalid("the headers of a message must not be null; use an empty map");
        }
        if (!headers.isEmpty()) {
            for (Map.Entry<String, String> header : headers.entrySet()) {
                if (isMissing(header.getKey()) || isMissing(header.getValue())) {
                    return invalid("the name and the value of a header must not be null; use an empty value");
                }
            }
        }
        return null;
    }

    /** Callers without null checks can pass null nevertheless. */
    private static boolean isMissing(@Nullable Object value) {
        return value == null;
    }

    private static MessagingException invalid(String message) {
        return new MessagingException(ErrorCode.INVALID_MESSAGE, message);
    }

    static <V> Optional<V> unwrap(InMemoryBroker broker, Class<V> type) {
        return type == InMemoryBroker.class ? Optional.of(type.cast(broker)) : Optional.empty();
    }
}
