package io.anymq.rocketmq;

import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.body.LockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.body.UnlockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.filter.FilterAPI;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumeType;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumerData;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;

/**
 * One consumer of a group: its heartbeat, the others, its share of the message queues, and the locks that make it their
 * only owner. Every request is bounded by the upkeep time-out. Used by the receiver's thread.
 */
final class RocketMqMembership {
    private final RocketMqClient client;
    private final RocketMqRoutes routes;
    private final String group;
    private final List<String> topics;
    private final String clientId;
    private final Duration timeout;

    /** Clients that were seen in the group and are not any more. */
    private final Set<String> gone = new LinkedHashSet<>();

    private Set<String> lastSeen = Set.of();

    /** Reads {@code topics} in the name of the group; {@code clientId} is unique. */
    RocketMqMembership(
            RocketMqClient client,
            RocketMqRoutes routes,
            String group,
            List<String> topics,
            String clientId,
            Duration timeout) {
        this.client = client;
        this.routes = routes;
        this.group = group;
        this.topics = List.copyOf(topics);
        this.clientId = clientId;
        this.timeout = timeout;
    }

    String clientId() {
        return clientId;
    }

    /** The message queues there are, by topic. Asks the name server; if it is away, as it said last. */
    Map<String, List<MessageQueue>> queues() {
        Map<String, List<MessageQueue>> queues = new HashMap<>();
        for (String topic : topics) {
            TopicRoute route = routes.findOrRemember(topic, timeout);
            queues.put(topic, route == null ? List.of() : route.readable());
        }
        return queues;
    }

    /** Makes this consumer known to every broker of {@code queues}. */
    void heartbeat(Collection<MessageQueue> queues) {
        ConsumerData consumer = new ConsumerData();
        consumer.setGroupName(group);
        // Brokers refuse pulls of a consumer that says it pulls, where rejectPullConsumerEnable is set.
        consumer.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        consumer.setMessageModel(MessageModel.CLUSTERING);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        Set<SubscriptionData> subscriptions = new HashSet<>();
        for (String topic : topics) {
            subscriptions.add(subscription(topic));
        }
        consumer.setSubscriptionDataSet(subscriptions);
        HeartbeatData data = new HeartbeatData();
        data.setClientID(clientId);
        data.getConsumerDataSet().add(consumer);
        for (String broker : brokers(queues)) {
            client.order(
                    "sending a heartbeat", api -> api.sendHeartbeat(routes.address(broker), data, timeout.toMillis()));
        }
    }

    private static SubscriptionData subscription(String topic) {
        try {
            SubscriptionData all = FilterAPI.buildSubscriptionData(topic, SubscriptionData.SUB_ALL);
            // The same in every consumer; otherwise brokers would take each heartbeat for a change.
            all.setSubVersion(0);
            return all;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> brokers(Collection<MessageQueue> queues) {
        Set<String> brokers = new TreeSet<>();
        queues.forEach(queue -> brokers.add(queue.getBrokerName()));
        return brokers;
    }

    /** The client ids of the group's consumers, sorted, as the first of its brokers knows them that answers. */
    List<String> members(Collection<MessageQueue> queues) {
        MessagingException failure = null;
        for (String broker : brokers(queues)) {
            try {
                List<String> members = client.ask("reading the members of the group " + group, api -> {
                    try {
                        return api.getConsumerIdListByGroup(routes.address(broker), group, timeout.toMillis());
                    } catch (MQBrokerException e) {
                        if (e.getResponseCode() == ResponseCode.SYSTEM_ERROR) {
                            return List.of();
                        }
                        throw e;
                    }
                });
                return note(new ArrayList<>(members));
            } catch (MessagingException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return List.of();
    }

    private List<String> note(List<String> members) {
        members.sort(null);
        Set<String> seen = Set.copyOf(members);
        for (String before : lastSeen) {
            if (!seen.contains(before)) {
                gone.add(before);
            }
        }
        gone.removeAll(seen);
        lastSeen = seen;
        return members;
    }

    /**
     * This consumer's share; every member computes the same from the same lists. As the vendor's
     * AllocateMessageQueueAveragely divides, which cannot be called without a library that nothing else needs.
     */
    Set<MessageQueue> share(Map<String, List<MessageQueue>> queues, List<String> members) {
        Set<MessageQueue> share = new LinkedHashSet<>();
        int index = members.indexOf(clientId);
        if (index >= 0) {
            queues.values().forEach(ofTopic -> share.addAll(share(ofTopic, index, members.size())));
        }
        return share;
    }

    /** The first ones get one more where it does not come out even. */
    static List<MessageQueue> share(List<MessageQueue> queues, int index, int members) {
        int each = queues.size() / members;
        int more = queues.size() % members;
        int from = index * each + Math.min(index, more);
        return queues.subList(from, from + each + (index < more ? 1 : 0));
    }

    /** Locks them, or renews the locks; returns those that are locked now. */
    Set<MessageQueue> lock(Collection<MessageQueue> queues) {
        Set<MessageQueue> locked = new HashSet<>();
        for (String broker : brokers(queues)) {
            LockBatchRequestBody body = new LockBatchRequestBody();
            body.setConsumerGroup(group);
            body.setClientId(clientId);
            body.setMqSet(ofBroker(queues, broker));
            locked.addAll(client.ask(
                    "locking message queues",
                    api -> api.lockBatchMQ(routes.address(broker), body, timeout.toMillis())));
        }
        return locked;
    }

    /** Gives them back, whatever fails. */
    void unlock(Collection<MessageQueue> queues) {
        unlock(queues, clientId, timeout);
    }

    private void unlock(Collection<MessageQueue> queues, String owner, Duration limit) {
        for (String broker : brokers(queues)) {
            UnlockBatchRequestBody body = new UnlockBatchRequestBody();
            body.setConsumerGroup(group);
            body.setClientId(owner);
            body.setMqSet(ofBroker(queues, broker));
            client.order(
                    "unlocking message queues",
                    api -> api.unlockBatchMQ(routes.address(broker), body, limit.toMillis(), false));
        }
    }

    private static Set<MessageQueue> ofBroker(Collection<MessageQueue> queues, String broker) {
        Set<MessageQueue> found = new HashSet<>();
        for (MessageQueue queue : queues) {
            if (queue.getBrokerName().equals(broker)) {
                found.add(queue);
            }
        }
        return found;
    }

    /**
     * Breaks the locks of consumers that are no longer in the group. A broker keeps them for a minute, and would not
     * say whose they are; so the marks say it, and the lists of members seen before.
     */
    void breakLocks(Collection<MessageQueue> queues, RocketMqMarks marks) {
        Map<String, Set<MessageQueue>> byOwner = new HashMap<>();
        for (String owner : gone) {
            byOwner.computeIfAbsent(owner, any -> new HashSet<>()).addAll(queues);
        }
        for (MessageQueue queue : queues) {
            String owner = marks.lastOwner(queue);
            if (!owner.isEmpty() && !lastSeen.contains(owner)) {
                byOwner.computeIfAbsent(owner, any -> new HashSet<>()).add(queue);
            }
        }
        byOwner.forEach((owner, locked) -> unlock(locked, owner, timeout));
        gone.clear();
    }

    /** Tells every broker that this consumer is gone, so that the others need not find out. */
    void leave(Collection<MessageQueue> queues, Deadline deadline) {
        for (String broker : brokers(queues)) {
            client.order(
                    "leaving the group " + group,
                    api -> api.unregisterClient(
                            routes.address(broker),
                            clientId,
                            "",
                            group,
                            Math.min(timeout.toMillis(), deadline.millisLeft())));
        }
    }
}
