package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Lane;
import io.anymq.spi.Undecodable;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.EscapedUtf8;
import io.anymq.spi.support.Fingerprint;
import io.anymq.spi.support.LazyMessage;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A delivery as a message; its headers are decoded at the first look at one of them. */
final class RabbitMqMessage extends LazyMessage {
    private static final int DIGEST_BYTES = 16;
    private static final int NOT_LOOKED_UP = -1;

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

    /** Attempts made so far, as far as is known; {@link #NOT_LOOKED_UP} until the record was read. */
    private volatile int attempts;

    /** Whether an attempt is written down before it begins: its consumer may be the next one to die of it. */
    private boolean recorded;

    private boolean nameless;

    RabbitMqMessage(RabbitMqLane owner, Envelope envelope, BasicProperties properties, byte[] body) {
        this.owner = owner;
        this.envelope = envelope;
        this.properties = properties;
        this.body = body;
        this.recorded = envelope.isRedeliver();
        this.attempts = recorded ? NOT_LOOKED_UP : 0;
    }

    long tag() {
        return envelope.getDeliveryTag();
    }

    /** Whether its attempts are known. */
    boolean isLookedUp() {
        return attempts != NOT_LOOKED_UP;
    }

    void recordAttempts() {
        recorded = true;
    }

    boolean isRecorded() {
        return recorded;
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
     * was redriven or sent back for a later retry. Null without an id.
     */
    @Nullable
    String identity() {
        String id = id();
        if (nameless) {
            return null;
        }
        String text = String.join(
                "\n",
                id,
                Long.toString(sentAtMillis()),
                headers().getOrDefault(WireHeaders.ATTEMPTS, ""),
                headers().getOrDefault(WireHeaders.REDRIVES, ""));
        return Fingerprint.of(DIGEST_BYTES, EscapedUtf8.encode(text));
    }

    /** RabbitMQ tells no position, and messages that look alike are not the same: each delivery gets an id of its own. */
    @Override
    protected String derivedId() {
        nameless = true;
        return "rabbitmq-" + UUID.randomUUID();
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
        if (begins && recorded) {
            owner.attempts.begin(this);
        } else if (!begins) {
            owner.attempts.remember(this, total);
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
                String text = RabbitMqOriginal.text(value);
                key(text.isEmpty() ? null : text);
            }
            case WireHeaders.ID, WireHeaders.CONTENT_TYPE, WireHeaders.SENT_AT, WireHeaders.DELIVER_AT ->
                header(name, RabbitMqOriginal.text(value));
            case HeaderGuard.RAW -> {
                if (value instanceof byte[] raw) {
                    unreadable = raw;
                }
            }
            default -> {
                if (!DelayQueues.isOwn(name) && !ReservedHeaders.contains(name)) {
                    otherHeader(ReservedHeaders.unescape(name), RabbitMqOriginal.text(value));
                }
            }
        }
    }
}
