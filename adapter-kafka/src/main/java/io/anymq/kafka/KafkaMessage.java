package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.spi.Lane;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.LogMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as a message; its headers are decoded at the first look at one of them. */
final class KafkaMessage extends LogMessage {
    private static final byte[] EMPTY = new byte[0];

    private final ConsumerRecord<byte[], byte[]> record;
    private final KafkaLane lane;

    // made at the first question, which any thread may ask first: both would make the same text
    private @Nullable String key;
    private @Nullable String id;

    private boolean decoded;
    private byte[] idBytes = EMPTY;
    private String contentType = "";
    private Map<String, String> headers = Map.of();
    private long sentAt;
    private long deliverAt;

    KafkaMessage(ConsumerRecord<byte[], byte[]> record, KafkaLane lane, long number) {
        super(record.offset(), number);
        this.record = record;
        this.lane = lane;
    }

    KafkaLane owner() {
        return lane;
    }

    @Override
    public String id() {
        decode();
        String known = id;
        if (known == null) {
            known = idBytes.length > 0
                    ? new String(idBytes, UTF_8)
                    : record.topic() + "-" + record.partition() + "@" + record.offset();
            id = known;
        }
        return known;
    }

    @Override
    public @Nullable String key() {
        byte[] bytes = record.key();
        String known = key;
        if (known == null && bytes != null) {
            known = new String(bytes, UTF_8);
            key = known;
        }
        return known;
    }

    @Override
    public byte[] body() {
        byte[] value = record.value();
        return value == null ? EMPTY : value;
    }

    @Override
    public String contentType() {
        decode();
        return contentType;
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
    public Lane lane() {
        return lane.lane();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(record) ? Optional.of(type.cast(record)) : Optional.empty();
    }

    private void decode() {
        if (decoded) {
            return;
        }
        decoded = true;
        sentAt = Math.max(0, record.timestamp());
        Map<String, String> others = Map.of();
        for (Header header : record.headers()) {
            byte[] value = header.value() == null ? EMPTY : header.value();
            String name = header.key();
            switch (name) {
                case WireHeaders.ID -> idBytes = value;
                case WireHeaders.CONTENT_TYPE -> contentType = lane.contentType(value);
                case WireHeaders.SENT_AT -> sentAt = millis(value, sentAt);
                case WireHeaders.DELIVER_AT -> deliverAt = millis(value, 0);
                default -> {
                    if (others.isEmpty()) {
                        others = new LinkedHashMap<>();
                    }
                    others.put(name, new String(value, UTF_8));
                }
            }
        }
        headers = others.isEmpty() ? others : Collections.unmodifiableMap(others);
    }

    /** A foreign client may write anything under these names. */
    private static long millis(byte[] text, long otherwise) {
        try {
            return Math.max(0, Long.parseLong(new String(text, UTF_8)));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
