package io.anymq.kafka;

import io.anymq.spi.Lane;
import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

    /** Whether something was settled that no commit has carried yet. */
    boolean moved;

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

    /** What earlier owners had done behind the offset they committed. */
    OffsetRanges inherited = new OffsetRanges();

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

    /** Whether the broker was told that it is owned. */
    boolean marked() {
        return care == Care.OPEN || care == Care.CAREFUL;
    }

    /** Whether the record whose try is marked is not done. */
    boolean isTrying() {
        return current != null && offsets.committable() <= current.offset();
    }

    /** Takes a record; null if an earlier owner had done it already. */
    @Nullable
    KafkaMessage take(ConsumerRecord<byte[], byte[]> record) {
        long number = offsets.add(record.offset());
        KafkaMessage message = new KafkaMessage(record, this, number);
        return isDone(message) ? null : message;
    }

    /** Drops those buffered records that turn out to be done already. */
    void inherit(OffsetRanges done) {
        inherited = done;
        buffer.removeIf(this::isDone);
    }

    private boolean isDone(KafkaMessage message) {
        if (!inherited.contains(message.offset())) {
            return false;
        }
        settle(message);
        return true;
    }

    void settle(KafkaMessage message) {
        offsets.complete(message.number());
        moved = true;
    }

    /** What to commit while it goes on being owned. */
    OffsetAndMetadata progress() {
        long offset = offsets.committable();
        int tries = current != null && isTrying() ? current.deliveryCount() : remembered(offset);
        return mark(offset, true, tries);
    }

    /** What to commit when it is given up in good order: the try that is under way does not count. */
    OffsetAndMetadata farewell() {
        long offset = offsets.committable();
        return mark(offset, false, remembered(offset));
    }

    private OffsetAndMetadata mark(long offset, boolean open, int tries) {
        moved = false;
        OffsetRanges done = offsets.doneAhead();
        done.addAbove(inherited, offsets.end());
        return new OwnerMark(open, tries, done).at(offset);
    }

    /** Earlier tries of the record at the committed offset must not be forgotten before it is done. */
    private int remembered(long offset) {
        return care == Care.CAREFUL && offset == suspect ? suspectTries : 0;
    }
}
