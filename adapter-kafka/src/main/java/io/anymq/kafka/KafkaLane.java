package io.anymq.kafka;

import io.anymq.spi.Lane;
import java.util.ArrayDeque;
import org.apache.kafka.common.TopicPartition;

/** One partition from its assignment to its revocation. A later assignment of the same partition is another lane. */
final class KafkaLane {
    private final TopicPartition partition;
    private final Lane lane;
    private final ContiguousOffsets offsets = new ContiguousOffsets();

    /** Records that were polled and not handed out yet. */
    final ArrayDeque<KafkaMessage> buffer = new ArrayDeque<>();

    /** Whether a settlement still counts. */
    boolean owned = true;

    /** What the last commit that was sent said; −1 for none. */
    long committed = -1;

    /** What {@code pause(Lane)} asked for. */
    boolean pausedByEngine;

    /** What the consumer was told last. */
    boolean paused;

    KafkaLane(TopicPartition partition) {
        this.partition = partition;
        this.lane = new Lane(partition.toString());
    }

    TopicPartition partition() {
        return partition;
    }

    Lane lane() {
        return lane;
    }

    ContiguousOffsets offsets() {
        return offsets;
    }

    /** Whether there is progress that no commit has carried yet. */
    boolean moved() {
        return offsets.committable() > committed;
    }
}
