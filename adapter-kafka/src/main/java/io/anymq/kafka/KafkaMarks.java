package io.anymq.kafka;

import io.anymq.spi.support.MarkStore;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/** Owners' marks in the metadata of the committed offsets. Used by the receiver's thread. */
final class KafkaMarks implements MarkStore<KafkaLane> {
    private final Consumer<byte[], byte[]> consumer;
    private final Duration timeout;

    /** {@code timeout} is for each request. */
    KafkaMarks(Consumer<byte[], byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    static OffsetAndMetadata toMetadata(OwnerMark mark) {
        return new OffsetAndMetadata(mark.offset(), mark.text());
    }

    @Override
    public Map<KafkaLane, OwnerMark> read(List<KafkaLane> lanes) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(lanes.stream().map(KafkaLane::partition).collect(Collectors.toSet()), timeout);
            Map<KafkaLane, OwnerMark> marks = new HashMap<>();
            for (KafkaLane lane : lanes) {
                OffsetAndMetadata left = committed.get(lane.partition());
                if (left != null) {
                    marks.put(lane, OwnerMark.of(left.offset(), left.metadata()));
                }
            }
            return marks;
        } catch (KafkaException e) {
            throw KafkaTranslator.error("reading the previous owner's marks", e);
        }
    }

    @Override
    public Map<KafkaLane, Long> ends(List<KafkaLane> lanes) {
        try {
            Map<TopicPartition, Long> ends =
                    consumer.endOffsets(lanes.stream().map(KafkaLane::partition).toList(), timeout);
            Map<KafkaLane, Long> found = new HashMap<>();
            for (KafkaLane lane : lanes) {
                Long end = ends.get(lane.partition());
                if (end != null) {
                    found.put(lane, end);
                }
            }
            return found;
        } catch (KafkaException e) {
            throw KafkaTranslator.error("reading the end offsets of partitions", e);
        }
    }

    @Override
    public boolean write(Map<KafkaLane, OwnerMark> marks) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        marks.forEach((lane, mark) -> positions.put(lane.partition(), toMetadata(mark)));
        try {
            consumer.commitSync(positions, timeout);
            return true;
        } catch (RebalanceInProgressException | CommitFailedException e) {
            // The next poll will say so.
            return false;
        } catch (KafkaException e) {
            throw KafkaTranslator.error("recording the messages being processed", e);
        }
    }
}
