package io.anymq.rocketmq.protocol;

import io.anymq.rocketmq.protocol.ProtocolClient.Order;
import io.anymq.rocketmq.protocol.ProtocolClient.Request;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.OffsetNotFoundException;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.constant.PermName;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.body.LockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.body.UnlockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.filter.FilterAPI;
import org.apache.rocketmq.remoting.protocol.header.QueryConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.UpdateConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumeType;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumerData;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.jspecify.annotations.Nullable;

/** Requests to one broker, except sends and pulls. Each is answered within the time-out, or fails. */
public final class BrokerRequests {
    /** The answer of {@link #committed} if the group has no offset. */
    public static final long NONE = -1;

    private final ProtocolClient client;
    private final String broker;
    private final Duration timeout;

    BrokerRequests(ProtocolClient client, String broker, Duration timeout) {
        this.client = client;
        this.broker = broker;
        this.timeout = timeout;
    }

    private <T> T ask(String action, Request<T> request) {
        return client.ask(action, broker, timeout, request);
    }

    private void order(String action, Order order) {
        client.order(action, broker, timeout, order);
    }

    /** The offset of the oldest message. */
    public long first(MessageQueue queue) {
        return ask(
                "reading the first offset of " + queue,
                (api, address, millis) -> Math.max(0, api.getMinOffset(address, queue, millis)));
    }

    /** When the broker stored the oldest message; {@link #NONE} if there is none. */
    public long firstStoredAt(MessageQueue queue) {
        return ask(
                "reading the age of " + queue,
                (api, address, millis) -> Math.max(NONE, api.getEarliestMsgStoretime(address, queue, millis)));
    }

    /** The offset of the next message that becomes readable. */
    public long end(MessageQueue queue) {
        return ask(
                "reading the end offset of " + queue,
                (api, address, millis) -> api.getMaxOffset(address, queue, millis));
    }

    /** The group's committed offset, or {@link #NONE}. */
    public long committed(String group, MessageQueue queue) {
        QueryConsumerOffsetRequestHeader header = new QueryConsumerOffsetRequestHeader();
        header.setConsumerGroup(group);
        header.setTopic(queue.getTopic());
        header.setQueueId(queue.getQueueId());
        header.setBrokerName(broker);
        header.setSetZeroIfNotFound(false);
        return ask("reading the offset of " + queue, (api, address, millis) -> {
            try {
                return api.queryConsumerOffset(address, header, millis);
            } catch (OffsetNotFoundException e) {
                return NONE;
            }
        });
    }

    /** Commits and waits for the broker. */
    public void commit(String group, MessageQueue queue, long offset) {
        order(
                "committing the offset of " + queue,
                (api, address, millis) -> api.updateConsumerOffset(address, header(group, queue, offset), millis));
    }

    /** Commits; the answer is the offset. */
    public void commit(String group, MessageQueue queue, long offset, Answer<Long> answer) {
        RemotingCommand request =
                RemotingCommand.createRequestCommand(RequestCode.UPDATE_CONSUMER_OFFSET, header(group, queue, offset));
        client.send(broker, request, timeout, response -> acknowledged(response, offset), answer);
    }

    private long acknowledged(RemotingCommand response, long offset) throws MQBrokerException {
        if (response.getCode() != ResponseCode.SUCCESS) {
            throw new MQBrokerException(response.getCode(), response.getRemark(), broker);
        }
        return offset;
    }

    private UpdateConsumerOffsetRequestHeader header(String group, MessageQueue queue, long offset) {
        UpdateConsumerOffsetRequestHeader header = new UpdateConsumerOffsetRequestHeader();
        header.setConsumerGroup(group);
        header.setTopic(queue.getTopic());
        header.setQueueId(queue.getQueueId());
        header.setCommitOffset(offset);
        header.setBrokerName(broker);
        return header;
    }

    /** Registers a consumer that reads {@code topics}. */
    public void heartbeat(String group, String clientId, Collection<String> topics) {
        ConsumerData consumer = new ConsumerData();
        consumer.setGroupName(group);
        // Brokers refuse pulls of a consumer that says it pulls, where rejectPullConsumerEnable is set.
        consumer.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        consumer.setMessageModel(MessageModel.CLUSTERING);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        Set<SubscriptionData> subscriptions = new HashSet<>();
        topics.forEach(topic -> subscriptions.add(subscription(topic)));
        consumer.setSubscriptionDataSet(subscriptions);
        HeartbeatData data = new HeartbeatData();
        data.setClientID(clientId);
        data.getConsumerDataSet().add(consumer);
        order("sending a heartbeat", (api, address, millis) -> api.sendHeartbeat(address, data, millis));
    }

    /** Checks that the broker is alive without admin rights: sends a heartbeat without groups. */
    public void ping() {
        HeartbeatData data = new HeartbeatData();
        data.setClientID("anymq");
        order("probing the broker " + broker, (api, address, millis) -> api.sendHeartbeat(address, data, millis));
    }

    private static SubscriptionData subscription(String topic) {
        try {
            SubscriptionData all = FilterAPI.buildSubscriptionData(topic, SubscriptionData.SUB_ALL);
            // The same in every consumer; otherwise brokers would take each heartbeat for a change.
            all.setSubVersion(0);
            return all;
        } catch (Exception e) {
            throw new IllegalArgumentException("no subscription to " + topic, e);
        }
    }

    /** The client ids of a group's consumers. */
    public List<String> members(String group) {
        return ask("reading the members of the group " + group, (api, address, millis) -> {
            try {
                return api.getConsumerIdListByGroup(address, group, millis);
            } catch (MQBrokerException e) {
                if (e.getResponseCode() == ResponseCode.SYSTEM_ERROR) {
                    return List.of();
                }
                throw e;
            }
        });
    }

    /** Locks message queues, or renews the locks; returns those that are locked now. */
    public Set<MessageQueue> lock(String group, String clientId, Set<MessageQueue> queues) {
        LockBatchRequestBody body = new LockBatchRequestBody();
        body.setConsumerGroup(group);
        body.setClientId(clientId);
        body.setMqSet(queues);
        return ask("locking message queues", (api, address, millis) -> api.lockBatchMQ(address, body, millis));
    }

    /** Unlocks message queues that {@code owner} has locked. */
    public void unlock(String group, String owner, Set<MessageQueue> queues) {
        UnlockBatchRequestBody body = new UnlockBatchRequestBody();
        body.setConsumerGroup(group);
        body.setClientId(owner);
        body.setMqSet(queues);
        order("unlocking message queues", (api, address, millis) -> api.unlockBatchMQ(address, body, millis, false));
    }

    /** Unregisters a consumer. */
    public void leave(String group, String clientId) {
        order(
                "leaving the group " + group,
                (api, address, millis) -> api.unregisterClient(address, clientId, "", group, millis));
    }

    /** Creates a topic, or sets its number of message queues and its system flags. */
    public void createTopic(String topic, int queues, boolean ordered, int flags) {
        TopicConfig wanted = new TopicConfig(topic, queues, queues, PermName.PERM_READ | PermName.PERM_WRITE, flags);
        wanted.setOrder(ordered);
        order(
                "creating the RocketMQ topic " + topic,
                (api, address, millis) -> api.createTopic(address, topic, wanted, millis));
    }

    /** The system flags of a topic that this broker has; empty if it has none of that name. */
    public OptionalInt flags(String topic) {
        TopicConfig found = config(topic);
        return found == null ? OptionalInt.empty() : OptionalInt.of(found.getTopicSysFlag());
    }

    /** Sets system flags of a topic that this broker has, and changes nothing else of it. */
    public void addFlags(String topic, int flags) {
        TopicConfig found = config(topic);
        if (found != null) {
            TopicConfig wanted = new TopicConfig(found);
            wanted.setTopicSysFlag(found.getTopicSysFlag() | flags);
            // a request names those that change
            wanted.setAttributes(Map.of());
            order(
                    "setting flags of the RocketMQ topic " + topic,
                    (api, address, millis) -> api.createTopic(address, topic, wanted, millis));
        }
    }

    private @Nullable TopicConfig config(String topic) {
        return ask("reading the settings of the RocketMQ topic " + topic, (api, address, millis) -> {
                    try {
                        return Optional.<TopicConfig>ofNullable(api.getTopicConfig(address, topic, millis));
                    } catch (MQBrokerException e) {
                        if (e.getResponseCode() == ResponseCode.TOPIC_NOT_EXIST) {
                            return Optional.<TopicConfig>empty();
                        }
                        throw e;
                    }
                })
                .orElse(null);
    }

    /** Creates a group. */
    public void createGroup(String group) {
        SubscriptionGroupConfig wanted = new SubscriptionGroupConfig();
        wanted.setGroupName(group);
        order(
                "creating the RocketMQ group " + group,
                (api, address, millis) -> api.createSubscriptionGroup(address, wanted, millis));
    }

    /** Whether there is such a group. */
    public boolean hasGroup(String group) {
        return ask("looking for the RocketMQ group " + group, (api, address, millis) -> {
            try {
                return api.getSubscriptionGroupConfig(address, group, millis) != null;
            } catch (MQBrokerException e) {
                if (e.getResponseCode() == ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * A broker's position in its log, in bytes.
     *
     * @param stored up to where it has stored
     * @param readable up to where consumers can read; never too much
     */
    public record LogPosition(long stored, long readable) {}

    /** The broker's position in its log. */
    public LogPosition logPosition() {
        return ask("reading the broker's store position", (api, address, millis) -> {
            Map<String, String> info = api.getBrokerRuntimeInfo(address, millis).getTable();
            // The broker reads the end first, so the difference is never too much.
            long end = number(info, "commitLogMaxOffset");
            return new LogPosition(end, end - number(info, "dispatchBehindBytes"));
        });
    }

    private long number(Map<String, String> info, String name) throws MQBrokerException {
        String value = info.get(name);
        if (value == null) {
            throw new MQBrokerException(
                    ResponseCode.VERSION_NOT_SUPPORTED,
                    "the broker does not report its " + name + "; use RocketMQ 5 or newer",
                    broker);
        }
        return Long.parseLong(value);
    }
}
