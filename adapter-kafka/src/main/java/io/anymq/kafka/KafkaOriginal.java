package io.anymq.kafka;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.support.EscapedUtf8;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The record of a received message that is stored again: several headers of one name stay several, and what is null stays
 * null.
 */
final class KafkaOriginal {
    private static final byte[] NULL = {};

    private final @Nullable ConsumerRecord<?, ?> record;

    private KafkaOriginal(@Nullable ConsumerRecord<?, ?> record) {
        this.record = record;
    }

    /** What there is to keep of {@code received}; nothing of null, which stands for a new message. */
    static KafkaOriginal of(@Nullable InboundMessage received) {
        return new KafkaOriginal(
                received == null ? null : received.unwrap(ConsumerRecord.class).orElse(null));
    }

    /** The text of a header, the same for the same bytes only. */
    static String text(Header header) {
        byte[] value = header.value();
        return EscapedUtf8.decode(value == null ? NULL : value);
    }

    /** The headers called {@code name}: as they were received if the last one still says {@code value}. */
    List<Header> headers(String name, String value) {
        if (record != null) {
            List<Header> originals = new ArrayList<>();
            record.headers().headers(name).forEach(originals::add);
            if (!originals.isEmpty()
                    && text(originals.get(originals.size() - 1)).equals(value)) {
                return originals;
            }
        }
        return List.of(new RecordHeader(name, EscapedUtf8.encode(value)));
    }

    /** The value: null, which deletes in a compacted topic, is not an empty one. */
    byte @Nullable [] value(byte[] body) {
        return record != null && record.value() == null && body.length == 0 ? null : body;
    }
}
