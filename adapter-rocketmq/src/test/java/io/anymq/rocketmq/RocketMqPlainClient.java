package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.PlainMessage;
import io.anymq.tck.PlainPlaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.producer.selector.SelectMessageQueueByHash;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.constant.PermName;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.UpdateConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Reads whole topics and writes messages with the vendor's own producer and consumer alone. */
@SuppressWarnings(
        "deprecation") // the one consumer of the vendor's that reads without joining a group or a thread of its own
final class RocketMqPlainClient implements PlainPlaces {
    /** Between two looks, so that reading does not keep the broker busy. */
    private static final long PACE_NANOS = 20_000_000;

    /** Every broker has it from the start. */
    private static final String GROUP = MixAll.TOOLS_CONSUMER_GROUP;

    private static final long BOUND_MILLIS = 10_000;

    private final String nameServer;
    private final DefaultMQProducer producer = new DefaultMQProducer("plain");

    /** The address of the only one there is, once it is known. */
    private volatile @Nullable String broker;

    RocketMqPlainClient(String nameServer) {
        this.nameServer = nameServer;
        producer.setNamesrvAddr(nameServer);
        producer.setInstanceName(UUID.randomUUID().toString());
        try {
            producer.start();
        } catch (MQClientException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number of message queues of a topic. */
    int queues(String topic) throws MQClientException {
        return producer.fetchPublishMessageQueues(topic).size();
    }

    void deleteTopic(String topic) throws Exception {
        api().deleteTopicInBroker(broker(), topic, BOUND_MILLIS);
        for (String each : nameServer.split(";")) {
            api().deleteTopicInNameServer(each, topic, BOUND_MILLIS);
        }
    }

    TopicConfig topic(String name) throws Exception {
        return api().getTopicConfig(broker(), name, BOUND_MILLIS);
    }

    void close() {
        producer.shutdown();
    }

    private DefaultMQPullConsumer consumer(boolean decompressing) throws MQClientException {
        DefaultMQPullConsumer consumer = new DefaultMQPullConsumer(GROUP);
        consumer.setNamesrvAddr(nameServer);
        consumer.setInstanceName(UUID.randomUUID().toString());
        consumer.setDecodeDecompressBody(decompressing);
        consumer.start();
        return consumer;
    }

    /** Everything in a topic, as it is stored. */
    List<MessageExt> readRaw(String topic) throws Exception {
        return readAll(topic, false);
    }

    /** Everything in a topic, with bodies decompressed. */
    List<MessageExt> readAll(String topic) throws Exception {
        return readAll(topic, true);
    }

    private List<MessageExt> readAll(String topic, boolean decompressing) throws Exception {
        DefaultMQPullConsumer consumer = consumer(decompressing);
        try {
            List<MessageExt> found = new ArrayList<>();
            for (MessageQueue each : queues(consumer, topic)) {
                read(consumer, each, new HashMap<>(), found);
            }
            return found;
        } finally {
            consumer.shutdown();
        }
    }

    /** With a system flag that the vendor's producer would not let anybody choose. */
    void sendFlagged(String topic, String key, int sysFlag, byte[] body) throws Exception {
        List<MessageQueue> queues = producer.fetchPublishMessageQueues(topic);
        MessageQueue queue = queues.get(Math.abs(key.hashCode() % queues.size()));
        Message message = new Message(topic, body);
        MessageAccessor.putProperty(message, "__SHARDINGKEY", key);
        SendMessageRequestHeader header = request(topic);
        header.setQueueId(queue.getQueueId());
        header.setSysFlag(sysFlag);
        header.setProperties(MessageDecoder.messageProperties2String(message.getProperties()));
        String refusal = send(header, body);
        if (refusal != null) {
            throw new IllegalStateException("the broker answered " + refusal);
        }
    }

    /** For one ordinary message, in the first message queue. */
    SendMessageRequestHeader request(String topic) {
        SendMessageRequestHeader header = new SendMessageRequestHeader();
        header.setProducerGroup("plain");
        header.setTopic(topic);
        header.setDefaultTopic(topic);
        header.setDefaultTopicQueueNums(0);
        header.setQueueId(0);
        header.setSysFlag(0);
        header.setBornTimestamp(System.currentTimeMillis());
        header.setFlag(0);
        header.setReconsumeTimes(0);
        header.setUnitMode(false);
        header.setBatch(false);
        return header;
    }

    /** Sends just this; what the broker says if it refuses it, or null. */
    @Nullable
    String send(SendMessageRequestHeader header, byte[] body) throws Exception {
        RemotingCommand request = RemotingCommand.createRequestCommand(RequestCode.SEND_MESSAGE, header);
        request.setBody(body);
        RemotingCommand response = api().getRemotingClient().invokeSync(broker(), request, BOUND_MILLIS);
        return response.getCode() == ResponseCode.SUCCESS ? null : response.getCode() + ": " + response.getRemark();
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) throws Exception {
        long end = System.nanoTime() + bound.toNanos();
        DefaultMQPullConsumer consumer = consumer(true);
        try {
            List<MessageExt> found = new ArrayList<>();
            Map<MessageQueue, Long> next = new HashMap<>();
            while (true) {
                for (MessageQueue each : queues(consumer, queue)) {
                    read(consumer, each, next, found);
                }
                if (found.size() >= expected || System.nanoTime() >= end) {
                    break;
                }
                LockSupport.parkNanos(PACE_NANOS);
            }
            return found.stream().map(RocketMqPlainClient::message).toList();
        } finally {
            consumer.shutdown();
        }
    }

    private static void read(
            DefaultMQPullConsumer consumer, MessageQueue queue, Map<MessageQueue, Long> next, List<MessageExt> found)
            throws Exception {
        PullResult result;
        do {
            result = consumer.pull(queue, "*", next.getOrDefault(queue, 0L), 32);
            if (result.getPullStatus() == PullStatus.FOUND) {
                found.addAll(result.getMsgFoundList());
            }
            next.put(queue, result.getNextBeginOffset());
        } while (result.getPullStatus() == PullStatus.FOUND);
    }

    private static Collection<MessageQueue> queues(DefaultMQPullConsumer consumer, String topic) {
        try {
            return consumer.fetchSubscribeMessageQueues(topic);
        } catch (MQClientException e) {
            // Not there yet.
            return List.of();
        }
    }

    private static PlainMessage message(MessageExt message) {
        Map<String, String> headers = new HashMap<>(message.getProperties());
        headers.keySet().removeIf(PropertyBlock::isReserved);
        String id = message.getProperty("UNIQ_KEY");
        String key = message.getProperty("__SHARDINGKEY");
        Map<String, String> odd = odd(headers.remove("mq-more"));
        headers.putAll(odd);
        String contentType = headers.remove("mq-content-type");
        headers.remove("mq-sent-at");
        headers.remove("mq-deliver-at");
        boolean empty = headers.remove("mq-empty") != null;
        return new PlainMessage(
                odd.containsKey("mq-id") ? headers.remove("mq-id") : id,
                odd.containsKey("mq-key") ? headers.remove("mq-key") : key,
                empty ? new byte[0] : message.getBody(),
                contentType,
                headers);
    }

    /** Written against the description in docs/brokers/rocketmq.md, not against the adapter's class. */
    private static Map<String, String> odd(String block) {
        Map<String, String> found = new HashMap<>();
        if (block != null) {
            Base64.Decoder base64 = Base64.getDecoder();
            String[] parts = block.split("\\.", -1);
            for (int i = 0; i + 2 < parts.length; i += 2) {
                found.put(new String(base64.decode(parts[i]), UTF_8), new String(base64.decode(parts[i + 1]), UTF_8));
            }
        }
        return found;
    }

    @Override
    public String name(String word) {
        return word + "%placed|v1";
    }

    @Override
    public String impossibleName() {
        return "orders.placed.v1";
    }

    private MQClientAPIImpl api() {
        return producer.getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
    }

    private String broker() throws Exception {
        String known = broker;
        if (known == null) {
            known = api().getBrokerClusterInfo(BOUND_MILLIS)
                    .getBrokerAddrTable()
                    .values()
                    .iterator()
                    .next()
                    .selectBrokerAddr();
            broker = known;
        }
        return known;
    }

    @Override
    public String createQueue(String word) throws Exception {
        String name = name(word);
        TopicConfig wanted = new TopicConfig(name, 3, 3, PermName.PERM_READ | PermName.PERM_WRITE);
        api().createTopic(broker(), name, wanted, BOUND_MILLIS);
        Awaitility.await().until(() -> {
            try {
                return queues(name) == 3;
            } catch (MQClientException e) {
                return false;
            }
        });
        return name;
    }

    @Override
    public String createTopic(String word) throws Exception {
        return createQueue(word);
    }

    @Override
    public String createSubscription(String topic, String word) throws Exception {
        String group = name(word);
        SubscriptionGroupConfig wanted = new SubscriptionGroupConfig();
        wanted.setGroupName(group);
        api().createSubscriptionGroup(broker(), wanted, BOUND_MILLIS);
        for (MessageQueue queue : producer.fetchPublishMessageQueues(topic)) {
            UpdateConsumerOffsetRequestHeader header = new UpdateConsumerOffsetRequestHeader();
            header.setConsumerGroup(group);
            header.setTopic(topic);
            header.setQueueId(queue.getQueueId());
            header.setCommitOffset(api().getMaxOffset(broker(), queue, BOUND_MILLIS));
            api().updateConsumerOffset(broker(), header, BOUND_MILLIS);
        }
        return group;
    }

    @Override
    public void publish(String topic, PlainMessage message) throws Exception {
        send(topic, message);
    }

    /** All of the topic: the group's own offsets only say how far it has come. */
    @Override
    public List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound)
            throws Exception {
        return read(topic, expected, bound);
    }

    @Override
    public void send(String queue, PlainMessage message) throws Exception {
        Message outgoing = new Message(queue, message.body());
        message.headers().forEach(outgoing::putUserProperty);
        if (message.contentType() != null) {
            outgoing.putUserProperty("mq-content-type", message.contentType());
        }
        if (message.id() != null) {
            MessageAccessor.putProperty(outgoing, "UNIQ_KEY", message.id());
        }
        if (message.key() == null) {
            send(outgoing);
        } else {
            MessageAccessor.putProperty(outgoing, "__SHARDINGKEY", message.key());
            requireOk(producer.send(outgoing, new SelectMessageQueueByHash(), message.key())
                    .getSendStatus());
        }
    }

    /** Just this, to any message queue. */
    void send(Message message) throws Exception {
        requireOk(producer.send(message).getSendStatus());
    }

    void sendBatch(Message message) throws Exception {
        requireOk(producer.send(List.of(message)).getSendStatus());
    }

    /** First half of it, then committed. */
    void sendInTransaction(Message message) throws Exception {
        TransactionMQProducer other = new TransactionMQProducer("plain-transactions");
        other.setNamesrvAddr(nameServer);
        other.setInstanceName(UUID.randomUUID().toString());
        other.setTransactionListener(new TransactionListener() {
            @Override
            public LocalTransactionState executeLocalTransaction(Message half, Object argument) {
                return LocalTransactionState.COMMIT_MESSAGE;
            }

            @Override
            public LocalTransactionState checkLocalTransaction(MessageExt half) {
                return LocalTransactionState.COMMIT_MESSAGE;
            }
        });
        other.start();
        try {
            requireOk(other.sendMessageInTransaction(message, null).getSendStatus());
        } finally {
            other.shutdown();
        }
    }

    private static void requireOk(SendStatus status) {
        if (status != SendStatus.SEND_OK) {
            throw new IllegalStateException("the broker answered " + status);
        }
    }
}
