package io.anymq.rocketmq;

import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.rocketmq.protocol.ProtocolClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.rocketmq.common.message.MessageQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a topic was deleted and created again under its name, where RocketMQ has no ids for topics: a message
 * queue begins at 0 with a message that was not there before. What the group had committed is a place in the old topic,
 * and would leave out the first messages of the new one.
 *
 * <p>Used by the receiver's thread.
 */
final class RecreatedQueues {
    private static final Logger LOG = LoggerFactory.getLogger(RecreatedQueues.class);

    private static final long BETWEEN_CHECKS_NANOS = Duration.ofSeconds(5).toNanos();

    /** After a pull has failed. */
    private static final long SOON_NANOS = Duration.ofMillis(500).toNanos();

    private final ProtocolClient client;
    private final Duration timeout;
    private long nextCheck = System.nanoTime() + BETWEEN_CHECKS_NANOS;

    RecreatedQueues(ProtocolClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    /** Whether a message queue is another one than that of which the last owner left this. */
    boolean isAnother(MessageQueue queue, RocketMqMarks.Left left, long firstStoredAt) {
        return left.mark().offset() > 0
                && firstStoredAt > left.storedAtMillis()
                && client.broker(queue, timeout).first(queue) == 0;
    }

    static void log(MessageQueue queue) {
        LOG.warn(
                "{} was deleted and created again; its first messages are received now, whatever was committed before",
                queue);
    }

    /** Something has failed that may mean that a topic is gone. */
    void suspect() {
        nextCheck = Math.min(nextCheck, System.nanoTime() + SOON_NANOS);
    }

    /** Lanes whose message queue is another one now; empty until the next look is due. */
    Collection<RocketMqLane> look(Collection<RocketMqLane> lanes) {
        if (nextCheck - System.nanoTime() > 0) {
            return List.of();
        }
        nextCheck = System.nanoTime() + BETWEEN_CHECKS_NANOS;
        List<RocketMqLane> found = new ArrayList<>();
        try {
            for (RocketMqLane lane : lanes) {
                if (isRecreated(lane)) {
                    found.add(lane);
                }
            }
        } catch (MessagingException e) {
            // a topic that is gone for now, or a broker
            LOG.debug("Could not read the age of message queues; trying again soon", e);
            suspect();
        }
        return found;
    }

    /** Asks the broker, and is true once. */
    boolean isRecreated(RocketMqLane lane) {
        BrokerRequests broker = client.broker(lane.queue(), timeout);
        long first = broker.firstStoredAt(lane.queue());
        long before = lane.firstStoredAt;
        if (first == before) {
            return false;
        }
        // the oldest messages expire, too, but then the first offset is above 0
        boolean hadMessages = before != BrokerRequests.NONE || lane.start() > 0;
        boolean another = hadMessages && first != BrokerRequests.NONE && broker.first(lane.queue()) == 0;
        lane.firstStoredAt = first;
        return another;
    }
}
