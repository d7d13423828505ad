package io.anymq.rocketmq;

import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.spi.support.LogLane;
import io.anymq.spi.support.OwnerMark;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** One message queue from its locking to its unlocking. Used by the receiver's thread. */
final class RocketMqLane extends LogLane<RocketMqMessage> {
    private final MessageQueue queue;

    /** The previous owner's mark, or null. */
    private final @Nullable OwnerMark inherited;

    /** Up to where all was done when it was taken over. */
    private final long start;

    /** Of a body that is compressed, when it is not. */
    private final int largestBody;

    /** Pulled, and not counted in yet. */
    private final ArrayDeque<Arrived> arrived = new ArrayDeque<>();

    /** A message, and when it is due by the clock of this host. */
    private record Arrived(MessageExt message, long dueMillis) {}

    /** Of the messages of the last pull, on average. */
    private long size;

    /** Where the next pull begins. */
    long next;

    /** When the oldest message was stored, as far as is known. */
    long firstStoredAt = BrokerRequests.NONE;

    /** Whether a pull is in progress. */
    boolean pulling;

    /** When, in {@link System#nanoTime()}, a pull that failed may be repeated. */
    long pullAgainAt = System.nanoTime();

    /** The offset that was committed last. */
    long committed;

    /** When, in {@link System#nanoTime()}, the mark was written last. */
    long markedAt = System.nanoTime();

    RocketMqLane(MessageQueue queue, long start, @Nullable OwnerMark inherited, int largestBody) {
        super(queue.getTopic() + "-" + queue.getBrokerName() + "-" + queue.getQueueId());
        this.queue = queue;
        this.start = start;
        this.inherited = inherited;
        this.largestBody = largestBody;
        this.next = start;
        this.committed = start;
    }

    /** The same message queue from another place, as if it were taken over there. */
    RocketMqLane from(long offset) {
        RocketMqLane lane = new RocketMqLane(queue, offset, null, largestBody);
        lane.firstStoredAt = firstStoredAt;
        return lane;
    }

    MessageQueue queue() {
        return queue;
    }

    @Nullable
    OwnerMark inherited() {
        return inherited;
    }

    long start() {
        return start;
    }

    /** Up to where all is done. */
    long done() {
        return Math.max(start, committable());
    }

    /** Whether more is done than was committed last. */
    boolean isUncommitted() {
        return done() != committed;
    }

    /** A pull brought these; the next one begins at {@code offset}. */
    void arrived(List<MessageExt> messages, long offset, long nowMillis) {
        if (!messages.isEmpty()) {
            long bytes = 0;
            for (MessageExt message : messages) {
                bytes += message.getStoreSize();
                if (message.getQueueOffset() == 0) {
                    firstStoredAt = message.getStoreTimestamp();
                }
            }
            size = bytes / messages.size();
        }
        for (MessageExt message : messages) {
            // A batch that the broker stores as one may begin before the requested offset.
            if (message.getQueueOffset() >= next) {
                arrived.add(new Arrived(message, due(message, nowMillis)));
            }
        }
        next = Math.max(next, offset);
    }

    /** The number of messages waiting here. */
    int waiting() {
        return arrived.size() + buffer().size();
    }

    /** About their size. */
    long waitingBytes() {
        return waiting() * size;
    }

    /**
     * Moves due messages to the buffer. A broker delivers delayed messages to the nearest tick of its timer, which may
     * be up to a tick too early. True if something turned out to be done already.
     */
    boolean takeDue(long nowMillis) {
        boolean settled = false;
        while (!arrived.isEmpty()) {
            Arrived head = arrived.element();
            if (head.dueMillis > nowMillis) {
                break;
            }
            arrived.remove();
            RocketMqMessage message = new RocketMqMessage(head.message, this, largestBody);
            if (take(message)) {
                buffer().add(message);
            } else {
                settled = true;
            }
        }
        return settled;
    }

    /** By no more later than the broker was early by its own clock, whatever the clock of this host says. */
    private static long due(MessageExt message, long nowMillis) {
        String property = message.getProperty(MessageConst.PROPERTY_TIMER_DELIVER_MS);
        if (property == null) {
            return 0;
        }
        long due = RocketMqMessage.millis(property, 0);
        return Math.min(due, nowMillis + Math.max(0, due - message.getStoreTimestamp()));
    }

    /** The time until the next message becomes due. */
    long nanosUntilDue(long nowMillis) {
        Arrived head = arrived.peek();
        long left = head == null ? 0 : head.dueMillis - nowMillis;
        return left > 0 ? TimeUnit.MILLISECONDS.toNanos(left) : Long.MAX_VALUE;
    }
}
