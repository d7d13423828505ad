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

    private boolean decoded;
    private String id = "";
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
        return id;
    }

    @Override
    public @Nullable String key() {
        byte[] key = record.key();
        return key == null ? null : new String(key, UTF_8);
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
            byte[] bytes = header.value();
            String value = bytes == null ? "" : new String(bytes, UTF_8);
            String name = header.key();
            switch (name) {
                case WireHeaders.ID -> id = value;
                case WireHeaders.CONTENT_TYPE -> contentType = value;
                case WireHeaders.SENT_AT -> sentAt = millis(value, sentAt);
                case WireHeaders.DELIVER_AT -> deliverAt = millis(value, 0);
                default -> {
                    if (others.isEmpty()) {
                        others = new LinkedHashMap<>();
                    }
                    others.put(name, value);
                }
            }
        }
        headers = others.isEmpty() ? others : Collections.unmodifiableMap(others);
        if (id.isEmpty()) {
            id = record.topic() + "-" + record.partition() + "@" + record.offset();
        }
    }

    /** A foreign client may write anything under these names. */
    private static long millis(String text, long otherwise) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
