package io.anymq.kafka;

import io.anymq.spi.support.MarkStore;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owners' marks in the metadata of the committed offsets. Used by the receiver's thread. */
final class KafkaMarks implements MarkStore<KafkaLane> {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaMarks.class);

    private static final String TOPIC = "topic=";
    private static final char END = ';';

    private final Consumer<byte[], byte[]> consumer;
    private final Duration timeout;

    /** {@code timeout} is for each request. */
    KafkaMarks(Consumer<byte[], byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    static OffsetAndMetadata toMetadata(Uuid topicId, OwnerMark mark) {
        String text = topicId.equals(Uuid.ZERO_UUID) ? mark.text() : TOPIC + topicId + END + mark.text();
        return new OffsetAndMetadata(mark.offset(), text);
    }

    static Uuid topicId(String metadata) {
        int end = metadata.indexOf(END);
        if (!metadata.startsWith(TOPIC) || end < 0) {
            return Uuid.ZERO_UUID;
        }
        try {
            return Uuid.fromString(metadata.substring(TOPIC.length(), end));
        } catch (IllegalArgumentException e) {
            return Uuid.ZERO_UUID;
        }
    }

    static OwnerMark mark(OffsetAndMetadata left) {
        String text = left.metadata();
        return OwnerMark.of(left.offset(), text.startsWith(TOPIC) ? text.substring(text.indexOf(END) + 1) : text);
    }

    static boolean differ(Uuid one, Uuid other) {
        return !one.equals(Uuid.ZERO_UUID) && !other.equals(Uuid.ZERO_UUID) && !one.equals(other);
    }

    /**
     * Reads what previous owners left of lanes.
     *
     * @return those whose offset was committed at an earlier topic of the same name, so that it says nothing
     */
    List<KafkaLane> begin(List<KafkaLane> lanes, Uuid topicId) {
        Map<KafkaLane, OffsetAndMetadata> committed = committed(lanes);
        List<KafkaLane> misled = new ArrayList<>();
        for (KafkaLane lane : lanes) {
            lane.begun = true;
            lane.topicId = topicId;
            OffsetAndMetadata left = committed.get(lane);
            if (left == null) {
                continue;
            }
            if (differ(topicId(left.metadata()), topicId)) {
                misled.add(lane);
            } else if (!lane.buffer().isEmpty() && lane.buffer().element().offset() < left.offset()) {
                LOG.warn(
                        "The offset {} committed for {} lies beyond its end: the broker has lost records; all that it"
                                + " has are received, perhaps again",
                        left.offset(),
                        lane.partition());
            } else {
                lane.left = mark(left);
            }
        }
        return misled;
    }

    @Override
    public Map<KafkaLane, OwnerMark> read(List<KafkaLane> lanes) {
        Map<KafkaLane, OwnerMark> marks = new HashMap<>();
        for (KafkaLane lane : lanes) {
            OwnerMark left = lane.left;
            if (left != null) {
                marks.put(lane, left);
            }
        }
        return marks;
    }

    private Map<KafkaLane, OffsetAndMetadata> committed(List<KafkaLane> lanes) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(lanes.stream().map(KafkaLane::partition).collect(Collectors.toSet()), timeout);
            Map<KafkaLane, OffsetAndMetadata> found = new HashMap<>();
            for (KafkaLane lane : lanes) {
                OffsetAndMetadata left = committed.get(lane.partition());
                if (left != null) {
                    found.put(lane, left);
                }
            }
            return found;
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
        marks.forEach((lane, mark) -> positions.put(lane.partition(), toMetadata(lane.topicId, mark)));
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
