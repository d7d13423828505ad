package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.WireHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery as a message; its headers are decoded at the first look at one of them. */
final class RabbitMqMessage implements InboundMessage {
    private static final int DIGEST_BYTES = 16;

    private final Envelope envelope;
    private final BasicProperties properties;
    private final byte[] body;
    private final RabbitMqLane lane;

    /** Attempts made so far, as far as is known. */
    private volatile int attempts;

    private boolean decoded;
    private @Nullable String key;
    private Map<String, String> headers = Map.of();
    private long sentAt;
    private long deliverAt;

    RabbitMqMessage(RabbitMqLane lane, Envelope envelope, BasicProperties properties, byte[] body) {
        this.lane = lane;
        this.envelope = envelope;
        this.properties = properties;
        this.body = body;
    }

    RabbitMqLane owner() {
        return lane;
    }

    long tag() {
        return envelope.getDeliveryTag();
    }

    /** Whether it was handed out before, to whomever. */
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

    /** What is known of it; {@link #attempts(int)} is for attempts made here. */
    void know(int made) {
        attempts = made;
    }

    /**
     * Names this message in the record of attempts: the same for every delivery of it, and another one for a message that
     * was redriven or sent back for a later retry.
     */
    String identity() {
        decode();
        String text = id()
                + '\n'
                + sentAt
                + '\n'
                + headers.getOrDefault(WireHeaders.ATTEMPTS, "")
                + '\n'
                + headers.getOrDefault(WireHeaders.REDRIVES, "");
        return digest(text.getBytes(UTF_8), new byte[0]);
    }

    private static String digest(byte[] one, byte[] other) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(one);
            return HexFormat.of().formatHex(digest.digest(other), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String id() {
        String id = RabbitMqTranslator.id(properties);
        if (id != null) {
            return id;
        }
        // RabbitMQ tells no position, so only the content can name what a foreign client sent without an id.
        return "rabbitmq-" + digest((key() + "\n" + sentAt + "\n" + headers).getBytes(UTF_8), body);
    }

    @Override
    public @Nullable String key() {
        decode();
        return key;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public String contentType() {
        String type = properties.getContentType();
        if (type == null && properties.getHeaders() != null) {
            return text(properties.getHeaders().get(WireHeaders.CONTENT_TYPE));
        }
        return type == null ? "" : type;
    }

    @Override
    public Map<String, String> headers() {
        decode();
        return headers;
    }

    @Override
    public long sentAtMillis() {
        decode();
        return sentAt;
    }

    @Override
    public long deliverAtMillis() {
        decode();
        return deliverAt;
    }

    @Override
    public int deliveryCount() {
        return attempts + 1;
    }

    @Override
    public Lane lane() {
        return lane.token();
    }

    @Override
    public void attempts(int total) {
        boolean begins = total > attempts;
        attempts = total;
        // What is written down stays when an attempt is taken back: one too many ends a loop of crashes sooner.
        if (begins && isRedelivered()) {
            // Its consumer may be the next one to die of it.
            lane.attempts().begin(identity(), total);
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type == Delivery.class
                ? Optional.of(type.cast(new Delivery(envelope, properties, body)))
                : Optional.empty();
    }

    @SuppressWarnings("JavaUtilDate") // what the client library has for it
    private void decode() {
        if (decoded) {
            return;
        }
        decoded = true;
        Date stamp = properties.getTimestamp();
        sentAt = stamp == null ? 0 : Math.max(0, stamp.getTime());
        Map<String, Object> given = properties.getHeaders();
        if (given == null || given.isEmpty()) {
            return;
        }
        Map<String, String> others = Map.of();
        for (Map.Entry<String, Object> header : given.entrySet()) {
            String name = header.getKey();
            switch (name) {
                case WireHeaders.KEY -> {
                    String value = text(header.getValue());
                    key = value.isEmpty() ? null : value;
                }
                case WireHeaders.SENT_AT -> sentAt = millis(header.getValue(), sentAt);
                case WireHeaders.DELIVER_AT -> deliverAt = millis(header.getValue(), 0);
                case WireHeaders.ID, WireHeaders.CONTENT_TYPE -> {
                    // read where they are asked for
                }
                default -> {
                    if (DelayQueues.isOwn(name) || ReservedHeaders.contains(name)) {
                        continue;
                    }
                    if (others.isEmpty()) {
                        others = new LinkedHashMap<>();
                    }
                    others.put(ReservedHeaders.unescape(name), text(header.getValue()));
                }
            }
        }
        headers = others.isEmpty() ? others : Collections.unmodifiableMap(others);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value instanceof byte[] bytes ? new String(bytes, UTF_8) : value.toString();
    }

    /** A foreign client may write anything under these names. */
    private static long millis(@Nullable Object value, long otherwise) {
        if (value instanceof Number number) {
            return Math.max(0, number.longValue());
        }
        try {
            return value == null ? otherwise : Math.max(0, Long.parseLong(value.toString()));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
