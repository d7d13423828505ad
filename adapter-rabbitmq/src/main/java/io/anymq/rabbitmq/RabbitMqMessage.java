package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Lane;
import io.anymq.spi.Undecodable;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.Fingerprint;
import io.anymq.spi.support.LazyMessage;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery as a message; its headers are decoded at the first look at one of them. */
final class RabbitMqMessage extends LazyMessage {
    private static final int DIGEST_BYTES = 16;

    /** No sender can store such a message again: what it would add would be as unreadable. */
    private static final String UNREADABLE_HEADERS = "headers";

    /** Of unreadable headers, what a dead letter keeps. */
    private static final int MOST_HEADER_BYTES = 8 * 1024;

    private final Envelope envelope;
    private final BasicProperties properties;
    private final byte[] body;
    final RabbitMqLane owner;

    /** Headers that the client library would not read; see {@link HeaderGuard}. */
    private byte @Nullable [] unreadable;

    /** Attempts made so far, as far as is known. */
    private volatile int attempts;

    RabbitMqMessage(RabbitMqLane owner, Envelope envelope, BasicProperties properties, byte[] body) {
        this.owner = owner;
        this.envelope = envelope;
        this.properties = properties;
        this.body = body;
    }

    long tag() {
        return envelope.getDeliveryTag();
    }

    /** Whether it was handed out before, to this consumer or another. */
    boolean isRedelivered() {
        return envelope.isRedeliver();
    }

    /** How often the server itself says it came back, or 0: quorum queues only. */
    int nativeCount() {
        Object count =
                properties.getHeaders() == null ? null : properties.getHeaders().get("x-delivery-count");
        return count instanceof Number number ? (int) Math.min(1_000_000, number.longValue()) : 0;
    }

    int attempts() {
        return attempts;
    }

    /** The attempts of other consumers; {@link #attempts(int)} is for attempts made here. */
    void know(int made) {
        attempts = made;
    }

    /**
     * Names this message in the record of attempts: the same for every delivery of it, and another one for a message that
     * was redriven or sent back for a later retry.
     */
    String identity() {
        String text = String.join(
                "\n",
                id(),
                Long.toString(sentAtMillis()),
                headers().getOrDefault(WireHeaders.ATTEMPTS, ""),
                headers().getOrDefault(WireHeaders.REDRIVES, ""));
        return Fingerprint.of(DIGEST_BYTES, text.getBytes(UTF_8));
    }

    /** RabbitMQ tells no position, so only the content can name what a foreign client sent without an id. */
    @Override
    protected String derivedId() {
        String text = key() + "\n" + sentAtMillis() + "\n" + headers();
        return "rabbitmq-" + Fingerprint.of(DIGEST_BYTES, text.getBytes(UTF_8), body);
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public @Nullable Undecodable undecodable() {
        // they are looked through by now, or at this look at one of them
        headers();
        byte[] raw = unreadable;
        if (raw == null) {
            return null;
        }
        String storedAs = raw.length > MOST_HEADER_BYTES
                ? UNREADABLE_HEADERS
                : UNREADABLE_HEADERS + "=" + Base64.getEncoder().encodeToString(raw);
        return new Undecodable(
                storedAs,
                new MessagingException(
                        ErrorCode.DECODING, "the stored headers are nested too deeply, or cannot be read"));
    }

    @Override
    public int deliveryCount() {
        return attempts + 1;
    }

    @Override
    public Lane lane() {
        return owner.token();
    }

    @Override
    public void attempts(int total) {
        boolean begins = total > attempts;
        attempts = total;
        // That an attempt was taken back is written down when the message goes back to the server.
        if (begins && isRedelivered()) {
            // Its consumer may be the next one to die of it.
            owner.attempts.begin(identity(), total);
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type == Delivery.class
                ? Optional.of(type.cast(new Delivery(envelope, properties, body)))
                : Optional.empty();
    }

    @Override
    @SuppressWarnings("JavaUtilDate") // what the client library has for it
    protected void decode() {
        Date stamp = properties.getTimestamp();
        sentAt(stamp == null ? 0 : stamp.getTime());
        Map<String, Object> given = properties.getHeaders();
        if (given != null) {
            given.forEach(this::take);
        }
        if (properties.getMessageId() != null) {
            id(properties.getMessageId());
        }
        if (properties.getContentType() != null) {
            contentType(properties.getContentType());
        }
    }

    private void take(String name, @Nullable Object value) {
        switch (name) {
            case WireHeaders.KEY -> {
                String text = text(value);
                key(text.isEmpty() ? null : text);
            }
            case WireHeaders.ID, WireHeaders.CONTENT_TYPE, WireHeaders.SENT_AT, WireHeaders.DELIVER_AT ->
                header(name, text(value));
            case HeaderGuard.RAW -> {
                if (value instanceof byte[] raw) {
                    unreadable = raw;
                }
            }
            default -> {
                if (!DelayQueues.isOwn(name) && !ReservedHeaders.contains(name)) {
                    otherHeader(ReservedHeaders.unescape(name), text(value));
                }
            }
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value instanceof byte[] bytes ? new String(bytes, UTF_8) : value.toString();
    }
}
