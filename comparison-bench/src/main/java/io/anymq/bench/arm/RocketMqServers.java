package io.anymq.bench.arm;

import java.util.Properties;
import java.util.TreeMap;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.impl.ClientRemotingProcessor;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;

/** Administration of a RocketMQ broker with the vendor's own protocol client; its tools would bring the server along. */
public final class RocketMqServers {
    private static final long TIMEOUT_MILLIS = 10_000;

    private RocketMqServers() {}

    private interface Task<T> {
        T with(MQClientAPIImpl api, String broker) throws Exception;
    }

    /** The settings that the broker runs with. */
    public static Properties settings(String nameServer) throws Exception {
        return ask(nameServer, (api, broker) -> api.getBrokerConfig(broker, TIMEOUT_MILLIS));
    }

    static void createTopic(String nameServer, String topic, int queues) throws Exception {
        ask(nameServer, (api, broker) -> {
            api.createTopic(broker, topic, new TopicConfig(topic, queues, queues), TIMEOUT_MILLIS);
            return topic;
        });
    }

    private static <T> T ask(String nameServer, Task<T> task) throws Exception {
        MQClientAPIImpl api = new MQClientAPIImpl(
                new NettyClientConfig(), new ClientRemotingProcessor(null), null, new ClientConfig(), null);
        api.updateNameServerAddressList(nameServer);
        api.start();
        try {
            TreeMap<String, String> brokers = new TreeMap<>();
            api.getBrokerClusterInfo(TIMEOUT_MILLIS)
                    .getBrokerAddrTable()
                    .forEach((name, broker) -> brokers.put(name, broker.selectBrokerAddr()));
            return task.with(api, brokers.firstEntry().getValue());
        } finally {
            api.shutdown();
        }
    }
}
