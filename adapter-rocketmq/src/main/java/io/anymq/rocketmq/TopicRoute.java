package io.anymq.rocketmq;

import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * Where a topic is. Immutable.
 *
 * @param readable its message queues to receive from, sorted
 * @param writable its message queues to send to, sorted; the same ones while a broker is away, where RocketMQ was told so
 * @param masters addresses by broker name, of those that are up
 */
record TopicRoute(List<MessageQueue> readable, List<MessageQueue> writable, Map<String, String> masters) {
    TopicRoute {
        readable = List.copyOf(readable);
        writable = List.copyOf(writable);
        masters = Map.copyOf(masters);
    }
}
