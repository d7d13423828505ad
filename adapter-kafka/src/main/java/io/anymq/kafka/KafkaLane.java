package io.anymq.kafka;

import io.anymq.spi.Lane;
import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition from its assignment to its revocation. A later assignment of the same partition is another lane. */
final class KafkaLane {
    /** How records of the lane are handed out; see {@link KafkaDeliveryCounts}. */
    enum Care {
        /** Not at all yet: how the last owner ended is to be read first. */
        UNREAD,
        /** Not at all yet: the broker is to be told first that there is an owner. */
        UNMARKED,
        /** As they come. */
        OPEN,
        /** One at a time, each counted at the broker first. */
        CAREFUL
    }

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

    Care care = Care.UNREAD;

    /** CAREFUL: the first offset that cannot have been in flight when the last owner ended. */
    long carefulUntil;

    /** CAREFUL: the record that an owner has died of, or beside, before; −1 for none. */
    long suspect = -1;

    /** CAREFUL: how often that happened. */
    int suspectTries;

    /** The one record whose try is marked at the broker, or null. */
    @Nullable
    KafkaMessage current;

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

    /** A record that was handed out comes back; it goes out again before all that wait. */
    void handedBack(KafkaMessage message) {
        if (message == current) {
            current = null;
        }
        buffer.addFirst(message);
    }

    /** Whether its buffered records may be handed out as they are. */
    boolean flows() {
        return care == Care.OPEN && !pausedByEngine;
    }

    /** Whether there is progress that no commit has carried yet. */
    boolean moved() {
        return offsets.committable() > committed;
    }

    /** Whether the broker was told that it is owned. */
    boolean marked() {
        return care == Care.OPEN || care == Care.CAREFUL;
    }

    /** Whether the record whose try is marked is not done. */
    boolean isTrying() {
        return current != null && offsets.committable() <= current.offset();
    }

    /** What to commit while it goes on being owned. */
    OffsetAndMetadata progress() {
        committed = offsets.committable();
        if (current != null && isTrying()) {
            return new OffsetAndMetadata(committed, OwnerMark.trying(current.deliveryCount()));
        }
        return new OffsetAndMetadata(committed, remembered(OwnerMark.OPEN));
    }

    /** What to commit when it is given up in good order: the try that is under way does not count. */
    OffsetAndMetadata farewell() {
        committed = offsets.committable();
        return new OffsetAndMetadata(committed, remembered(OwnerMark.CLEAN));
    }

    /** Earlier tries of the record at the committed offset must not be forgotten before it is done. */
    private String remembered(String otherwise) {
        return care == Care.CAREFUL && committed == suspect ? OwnerMark.trying(suspectTries) : otherwise;
    }
}
