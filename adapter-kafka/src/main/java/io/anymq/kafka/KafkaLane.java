package io.anymq.kafka;

import io.anymq.spi.support.LogLane;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition from its assignment to its revocation. */
final class KafkaLane extends LogLane<KafkaMessage> {
    private final TopicPartition partition;

    /** What the consumer was told last. */
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
        return unlessDone(new KafkaMessage(record, this, add(record.offset())));
    }
}
