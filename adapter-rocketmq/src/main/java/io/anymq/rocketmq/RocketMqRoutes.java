package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.TopicRoute;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Routes from the name servers, which remain known while those are away. Thread-safe. */
final class RocketMqRoutes {
    private final ProtocolClient client;
    private final Map<String, TopicRoute> known = new ConcurrentHashMap<>();

    RocketMqRoutes(ProtocolClient client) {
        this.client = client;
    }

    /**
     * Asks where a topic is; null if there is no such topic. A topic that was there before and whose brokers are gone
     * is not missing.
     *
     * @throws MessagingException UNAVAILABLE if no name server answers, or no broker is registered
     */
    @Nullable
    TopicRoute find(String topic, Duration timeout) {
        TopicRoute route = client.nameServers().route(topic, timeout);
        if (route != null) {
            known.put(topic, route);
        } else if (known.containsKey(topic)
                || client.nameServers().brokers(timeout).isEmpty()) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "no broker with the topic " + topic + " is registered with the name server; check that the"
                            + " broker is running and has this name server in namesrvAddr",
                    true,
                    null);
        }
        return route;
    }

    /** Like {@link #find}; while no name server or broker answers, the last known route. */
    @Nullable
    TopicRoute findOrRemember(String topic, Duration timeout) {
        try {
            return find(topic, timeout);
        } catch (MessagingException e) {
            TopicRoute remembered = known.get(topic);
            if (remembered == null || !e.isRetryable()) {
                throw e;
            }
            return remembered;
        }
    }
}
