package io.anymq.kafka;

import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.EscapedUtf8;
import io.anymq.spi.support.LogMessage;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A record as a message; its headers are decoded at the first look at one of them. */
final class KafkaMessage extends LogMessage {
    private final ConsumerRecord<byte[], byte[]> record;
    private final KafkaLane lane;

    /** Made when it is asked for, as is the id: many messages are handled without. */
    private @Nullable String key;

    private byte[] idBytes = EMPTY;

    KafkaMessage(ConsumerRecord<byte[], byte[]> record, KafkaLane lane) {
        super(lane, record.offset());
        this.record = record;
        this.lane = lane;
    }

    /** With the record's time: in a topic that was deleted and created again, offsets begin again. */
    @Override
    protected String derivedId() {
        return idBytes.length > 0 ? EscapedUtf8.decode(idBytes) : super.derivedId() + "@" + record.timestamp();
    }

    @Override
    public @Nullable String key() {
        byte[] bytes = record.key();
        String known = key;
        if (known == null && bytes != null) {
            known = EscapedUtf8.decode(bytes);
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
    public long storedAtMillis() {
        return record.timestampType() == TimestampType.LOG_APPEND_TIME ? record.timestamp() : 0;
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(record) ? Optional.of(type.cast(record)) : Optional.empty();
    }

    @Override
    protected void decode() {
        sentAt(record.timestamp());
        for (Header header : record.headers()) {
            byte[] value = header.value() == null ? EMPTY : header.value();
            String name = header.key();
            switch (name) {
                case WireHeaders.ID -> idBytes = value;
                case WireHeaders.CONTENT_TYPE -> contentType(lane.contentType(value));
                case WireHeaders.SENT_AT, WireHeaders.DELIVER_AT -> header(name, KafkaOriginal.text(header));
                default -> otherHeader(name, KafkaOriginal.text(header));
            }
        }
    }
}
