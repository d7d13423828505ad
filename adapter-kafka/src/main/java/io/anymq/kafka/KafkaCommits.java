package io.anymq.kafka;

import io.anymq.MessagingException;
import io.anymq.spi.support.LogCommits;
import io.anymq.spi.support.LogLane;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Commits the contiguous prefix of each lane, and records done behind it as metadata; also before lanes are given up.
 * Used by the receiver's thread.
 */
final class KafkaCommits extends LogCommits<KafkaLane> {
    private final Consumer<byte[], byte[]> consumer;
    private @Nullable MessagingException refused;

    /** {@code lanes} is a live view of those owned. */
    KafkaCommits(Consumer<byte[], byte[]> consumer, Collection<KafkaLane> lanes) {
        super(lanes, LogLane::isMoved, LogLane::moveAgain);
        this.consumer = consumer;
    }

    @Override
    protected void send(List<KafkaLane> moved) {
        consumer.commitAsync(positions(moved, LogLane::progress), (offsets, failure) -> {
            if (failure instanceof AuthorizationException) {
                refused = KafkaTranslator.error("committing offsets", failure);
            }
            // If the lanes were taken away meanwhile, the consumer is told so by itself.
            moved.forEach(lane -> ended(lane, failure == null));
        });
    }

    /** A commit that will never be permitted must stop the consumer; otherwise it would repeat its work for ever. */
    void throwIfRefused() {
        MessagingException error = refused;
        if (error != null) {
            refused = null;
            throw error;
        }
    }

    /**
     * Before lanes are given up: what is done, and the mark that they were left in good order.
     *
     * @throws MessagingException if it cannot be committed in time: these messages will be delivered again
     */
    void sendNow(Collection<KafkaLane> leaving, Duration timeout) {
        List<KafkaLane> marked = leaving.stream()
                .filter(lane -> lane.isMarked() && lane.committable() >= 0)
                .toList();
        if (marked.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(positions(marked, LogLane::farewell), timeout);
        } catch (KafkaException e) {
            throw KafkaTranslator.error("committing offsets", e);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(
            Collection<KafkaLane> lanes, Function<KafkaLane, OwnerMark> mark) {
        return lanes.stream()
                .collect(Collectors.toMap(
                        KafkaLane::partition, lane -> KafkaMarks.toMetadata(lane.topicId, mark.apply(lane))));
    }
}
