package io.anymq.rocketmq.protocol;

import java.util.List;
import java.util.Set;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Where a topic is. Immutable.
 *
 * @param readable its message queues to receive from, sorted
 * @param writable its message queues to send to, sorted; the same ones while a broker is away, where RocketMQ was told so
 * @param brokers names of those that have it and are up
 * @param flags its system flags; where brokers differ, the greatest
 */
public record TopicRoute(List<MessageQueue> readable, List<MessageQueue> writable, Set<String> brokers, int flags) {
    /** Copies what it is given. */
    public TopicRoute {
        readable = List.copyOf(readable);
        writable = List.copyOf(writable);
        brokers = Set.copyOf(brokers);
    }
}
