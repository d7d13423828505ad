package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.EscapedUtf8;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a received message that is stored again: what AnyMQ has no name for stays as its sender wrote it, and
 * headers keep their types. The user-id is left out, because the server takes none but that of the connection.
 */
final class RabbitMqOriginal {
    private final @Nullable BasicProperties properties;
    private final Map<String, Object> headers;

    private RabbitMqOriginal(@Nullable BasicProperties properties) {
        this.properties = properties;
        Map<String, Object> given = properties == null ? null : properties.getHeaders();
        this.headers = given == null ? Map.of() : given;
    }

    /** What there is to keep of {@code received}; nothing of null, which stands for a new message. */
    static RabbitMqOriginal of(@Nullable InboundMessage received) {
        return new RabbitMqOriginal(
                received == null
                        ? null
                        : received.unwrap(Delivery.class)
                                .map(Delivery::getProperties)
                                .orElse(null));
    }

    /** The text of a header, the same for the same bytes only. */
    static String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return EscapedUtf8.decode(bytes);
        }
        if (value instanceof LongString bytes) {
            return EscapedUtf8.decode(bytes.getBytes());
        }
        return value == null ? "" : value.toString();
    }

    /** The value of the header {@code name}: as it was received if it still says {@code text}, else the text. */
    @Nullable
    Object value(String name, String text) {
        if (headers.containsKey(name)) {
            Object original = headers.get(name);
            if (text(original).equals(text)) {
                return original;
            }
        }
        return text;
    }

    /** The time stamp: a foreign message has none, or its own. */
    @SuppressWarnings("JavaUtilDate") // what the client library has for it
    @Nullable
    Date timestamp(long sentAtMillis) {
        return properties == null ? new Date(sentAtMillis) : properties.getTimestamp();
    }

    /** Sets the properties. The expiration becomes a header: a message that was put aside must not vanish by itself. */
    void keep(BasicProperties.Builder to, Map<String, @Nullable Object> toHeaders) {
        if (properties == null) {
            return;
        }
        to.contentEncoding(fitting(properties.getContentEncoding()))
                .correlationId(fitting(properties.getCorrelationId()))
                .replyTo(fitting(properties.getReplyTo()))
                .type(fitting(properties.getType()))
                .appId(fitting(properties.getAppId()))
                .priority(properties.getPriority());
        Object expiration =
                properties.getExpiration() == null ? headers.get(WireHeaders.EXPIRATION) : properties.getExpiration();
        if (expiration != null) {
            toHeaders.put(WireHeaders.EXPIRATION, expiration);
        }
    }

    /** A text that is no UTF-8 has grown while it was read, and the client library refuses to write it. */
    private static @Nullable String fitting(@Nullable String text) {
        return text == null || RabbitMqTranslator.fits(text) ? text : null;
    }
}
