package io.anymq.kafka;

import io.anymq.spi.support.EscapedUtf8;
import io.anymq.spi.support.LogLane;
import io.anymq.spi.support.OwnerMark;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One partition from its assignment to its revocation. */
final class KafkaLane extends LogLane<KafkaMessage> {
    private final TopicPartition partition;

    /** Messages of one lane nearly always have the same content type. */
    private volatile ContentType contentType = new ContentType(new byte[0], "");

    /** The state last reported to the consumer. */
    boolean paused;

    /** The topic that it is a partition of; zero while that is not known. */
    Uuid topicId = Uuid.ZERO_UUID;

    /** Whether the previous owner's mark was read. */
    boolean begun;

    /** The previous owner's mark; null if there is none that can be trusted. */
    @Nullable
    OwnerMark left;

    /** One more than the offset of the latest record; −1 before the first one. */
    private long expected = -1;

    KafkaLane(TopicPartition partition) {
        super(partition.toString());
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    /** Whether the consumer was at this offset, or behind it, before: it was sent back. */
    boolean hasPassed(long offset) {
        return offset < expected;
    }

    /** Takes a record; null if an earlier owner had done it already. */
    @Nullable
    KafkaMessage take(ConsumerRecord<byte[], byte[]> record) {
        expected = record.offset() + 1;
        KafkaMessage message = new KafkaMessage(record, this);
        return take(message) ? message : null;
    }

    /**
     * The consumer has come to this offset, whether or not there was a record for it.
     *
     * @return whether there is something to commit that there was not before
     */
    boolean reached(long offset) {
        OwnerMark mark = left;
        boolean news = mark == null
                ? offset > 0
                : offset > mark.offset() && offset > mark.done().last();
        return begun && news && pass(offset);
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
