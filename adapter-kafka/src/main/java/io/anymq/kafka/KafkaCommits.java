package io.anymq.kafka;

import io.anymq.MessagingException;
import io.anymq.spi.support.Cadence;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Commits the contiguous prefix of each lane, and records done behind it as metadata: in the background at most every
 * 100 ms, and before lanes are given up. One background commit is in progress at a time, so an older one cannot
 * overtake a newer one. Used by the receiver's thread.
 */
final class KafkaCommits {
    private final Consumer<byte[], byte[]> consumer;
    private final Collection<KafkaLane> lanes;

    private final Cadence cadence = new Cadence(Duration.ofMillis(100));
    private boolean underWay;
    private @Nullable MessagingException refused;

    /** {@code lanes} is a live view of those owned. */
    KafkaCommits(Consumer<byte[], byte[]> consumer, Collection<KafkaLane> lanes) {
        this.consumer = consumer;
        this.lanes = lanes;
    }

    /** Something was acknowledged. */
    void moved() {
        cadence.request();
    }

    /** The longest permitted wait before the next commit. */
    long nanosUntilDue() {
        return underWay ? Long.MAX_VALUE : cadence.nanosUntilDue();
    }

    void sendIfDue() {
        if (underWay || !cadence.isDue()) {
            return;
        }
        cadence.restart();
        List<KafkaLane> moved = lanes.stream().filter(KafkaLane::isMoved).toList();
        if (moved.isEmpty()) {
            return;
        }
        underWay = true;
        consumer.commitAsync(positions(moved), (offsets, failure) -> ended(moved, failure));
    }

    private void ended(List<KafkaLane> lanes, @Nullable Exception failure) {
        underWay = false;
        if (failure == null) {
            return;
        }
        if (failure instanceof AuthorizationException) {
            refused = KafkaTranslator.error("committing offsets", failure);
        }
        // The next cadence tries again; if the lanes were taken away meanwhile, the consumer is told so by itself.
        for (KafkaLane lane : lanes) {
            lane.moveAgain();
        }
        cadence.request();
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
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (KafkaLane lane : leaving) {
            if (lane.isMarked() && lane.committable() >= 0) {
                positions.put(lane.partition(), KafkaMarks.toMetadata(lane.farewell()));
            }
        }
        if (positions.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(positions, timeout);
        } catch (KafkaException e) {
            throw KafkaTranslator.error("committing offsets", e);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(Collection<KafkaLane> lanes) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        lanes.forEach(lane -> positions.put(lane.partition(), KafkaMarks.toMetadata(lane.progress())));
        return positions;
    }
}
