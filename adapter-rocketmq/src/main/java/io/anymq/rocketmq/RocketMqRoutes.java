package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.jspecify.annotations.Nullable;

/** Routes from the name servers. Brokers' addresses remain known while a name server is away. Thread-safe. */
final class RocketMqRoutes {
    private final RocketMqClient client;
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final Map<String, TopicRoute> known = new ConcurrentHashMap<>();

    RocketMqRoutes(RocketMqClient client) {
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
        TopicRouteData found = client.ask("reading the route of " + topic, api -> {
            try {
                return api.getTopicRouteInfoFromNameServer(topic, timeout.toMillis(), false);
            } catch (MQClientException e) {
                if (e.getResponseCode() == ResponseCode.TOPIC_NOT_EXIST) {
                    return new TopicRouteData();
                }
                throw e;
            }
        });
        if (isEmpty(found.getQueueDatas()) || isEmpty(found.getBrokerDatas())) {
            if (known.containsKey(topic) || masters(timeout).isEmpty()) {
                throw new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        "no broker with the topic " + topic + " is registered with the name server; check that the"
                                + " broker is running and has this name server in namesrvAddr",
                        true,
                        null);
            }
            return null;
        }
        TopicRoute route = route(topic, found);
        known.put(topic, route);
        return route;
    }

    private static boolean isEmpty(@Nullable List<?> list) {
        return list == null || list.isEmpty();
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

    private TopicRoute route(String topic, TopicRouteData data) {
        Map<String, String> masters = new HashMap<>();
        for (BrokerData broker : data.getBrokerDatas()) {
            String address = broker.getBrokerAddrs().get(MixAll.MASTER_ID);
            if (address != null) {
                masters.put(broker.getBrokerName(), address);
            }
        }
        addresses.putAll(masters);
        List<MessageQueue> readable = MQClientInstance.topicRouteData2TopicSubscribeInfo(topic, data).stream()
                .sorted()
                .toList();
        List<MessageQueue> writable =
                MQClientInstance.topicRouteData2TopicPublishInfo(topic, data).getMessageQueueList().stream()
                        .sorted()
                        .toList();
        return new TopicRoute(readable, writable, masters);
    }

    /** The brokers that are up, by name. */
    SortedMap<String, String> masters(Duration timeout) {
        ClusterInfo cluster = client.ask(
                "reading the brokers from the name server", api -> api.getBrokerClusterInfo(timeout.toMillis()));
        SortedMap<String, String> masters = new TreeMap<>();
        if (cluster.getBrokerAddrTable() != null) {
            cluster.getBrokerAddrTable().forEach((name, broker) -> {
                String address = broker.getBrokerAddrs().get(MixAll.MASTER_ID);
                if (address != null) {
                    masters.put(name, address);
                }
            });
        }
        addresses.putAll(masters);
        return masters;
    }

    /**
     * Where a broker was last known to be.
     *
     * @throws MessagingException UNAVAILABLE
     */
    String address(String brokerName) {
        String address = addresses.get(brokerName);
        if (address == null) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the broker " + brokerName + " is not registered with the name server",
                    true,
                    null);
        }
        return address;
    }
}
