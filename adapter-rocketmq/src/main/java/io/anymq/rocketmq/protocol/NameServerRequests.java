package io.anymq.rocketmq.protocol;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.factory.MQClientInstance;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.namesrv.NamesrvUtil;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.jspecify.annotations.Nullable;

/** Requests to the name servers. From their answers the client also learns where brokers are. */
public final class NameServerRequests {
    private final ProtocolClient client;

    /** Of topics, which remain known while a name server is away. */
    private final Map<String, TopicRoute> routes = new ConcurrentHashMap<>();

    NameServerRequests(ProtocolClient client) {
        this.client = client;
    }

    /**
     * Where a topic is; null if there is no such topic. A topic that was there before and whose brokers are gone is not
     * missing.
     *
     * @throws MessagingException UNAVAILABLE if no name server answers, or no broker is registered
     */
    public @Nullable TopicRoute route(String topic, Duration timeout) {
        TopicRouteData found = client.ask("reading the route of " + topic, timeout, (api, none, millis) -> {
            try {
                return api.getTopicRouteInfoFromNameServer(topic, millis, false);
            } catch (MQClientException e) {
                if (e.getResponseCode() == ResponseCode.TOPIC_NOT_EXIST) {
                    return new TopicRouteData();
                }
                throw e;
            }
        });
        if (!isEmpty(found.getQueueDatas()) && !isEmpty(found.getBrokerDatas())) {
            TopicRoute route = route(topic, found);
            routes.put(topic, route);
            return route;
        }
        if (routes.containsKey(topic) || brokers(timeout).isEmpty()) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "no broker with the topic " + topic + " is registered with the name server; check that the"
                            + " broker is running and has this name server in namesrvAddr",
                    true,
                    null);
        }
        return null;
    }

    /** Like {@link #route}; while no name server or broker answers, the last known route. */
    public @Nullable TopicRoute routeOrLast(String topic, Duration timeout) {
        try {
            return route(topic, timeout);
        } catch (MessagingException e) {
            TopicRoute last = routes.get(topic);
            if (last == null || !e.isRetryable()) {
                throw e;
            }
            return last;
        }
    }

    private static boolean isEmpty(@Nullable List<?> list) {
        return list == null || list.isEmpty();
    }

    private TopicRoute route(String topic, TopicRouteData data) {
        return new TopicRoute(
                sorted(MQClientInstance.topicRouteData2TopicSubscribeInfo(topic, data)),
                sorted(MQClientInstance.topicRouteData2TopicPublishInfo(topic, data)
                        .getMessageQueueList()),
                masters(data.getBrokerDatas()),
                data.getQueueDatas().stream()
                        .mapToInt(QueueData::getTopicSysFlag)
                        .max()
                        .orElse(0));
    }

    private static List<MessageQueue> sorted(Collection<MessageQueue> queues) {
        return queues.stream().sorted().toList();
    }

    /** The names of the brokers that are up. */
    public SortedSet<String> brokers(Duration timeout) {
        ClusterInfo cluster = client.ask(
                "reading the brokers from the name server",
                timeout,
                (api, none, millis) -> api.getBrokerClusterInfo(millis));
        Map<String, BrokerData> brokers = cluster.getBrokerAddrTable();
        return masters(brokers == null ? List.of() : brokers.values());
    }

    private SortedSet<String> masters(Collection<BrokerData> brokers) {
        TreeMap<String, String> masters = new TreeMap<>();
        for (BrokerData broker : brokers) {
            String address = broker.getBrokerAddrs().get(MixAll.MASTER_ID);
            if (address != null) {
                masters.put(broker.getBrokerName(), address);
            }
        }
        client.remember(masters);
        return masters.navigableKeySet();
    }

    /** Keeps the route of {@code topic} while a broker is away: RocketMQ's own setting for ordered topics. */
    public void keepRoute(String topic, Set<String> brokers, int queues, Duration timeout) {
        String value = brokers.stream().map(broker -> broker + ":" + queues).collect(Collectors.joining(";"));
        client.ask("registering " + topic + " as ordered with the name server", timeout, (api, none, millis) -> {
            api.putKVConfigValue(NamesrvUtil.NAMESPACE_ORDER_TOPIC_CONFIG, topic, value, millis);
            return true;
        });
    }
}
