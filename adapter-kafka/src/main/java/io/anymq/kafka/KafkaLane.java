package io.anymq.kafka;

import io.anymq.spi.support.EscapedUtf8;
import io.anymq.spi.support.LogLane;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition from its assignment to its revocation. */
final class KafkaLane extends LogLane<KafkaMessage> {
    private final TopicPartition partition;

    /** Messages of one lane nearly always have the same content type. */
    private volatile ContentType contentType = new ContentType(new byte[0], "");

    /** The state last reported to the consumer. */
    boolean paused;

    KafkaLane(TopicPartition partition) {
        super(partition.toString());
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Takes a record; null if an earlier owner had done it already. */
    @Nullable
    KafkaMessage take(ConsumerRecord<byte[], byte[]> record) {
        KafkaMessage message = new KafkaMessage(record, this);
        return take(message) ? message : null;
    }

    String contentType(byte[] bytes) {
        ContentType known = contentType;
        if (!Arrays.equals(known.bytes, bytes)) {
            known = new ContentType(bytes, EscapedUtf8.decode(bytes));
            contentType = known;
        }
        return known.text;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record ContentType(byte[] bytes, String text) {}
}
