package io.anymq.rocketmq;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.TopicRoute;
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
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.rocketmq.common.message.MessageQueue;

/**
 * One consumer of a group: its heartbeat, the others, its share of the message queues, and the locks that make it their
 * only owner. Every request is bounded by the upkeep time-out. Used by the receiver's thread.
 */
final class RocketMqMembership {
    private final ProtocolClient client;
    private final String group;
    private final List<String> topics;
    private final String clientId;
    private final Duration timeout;

    /** Clients that were seen in the group and are not any more. */
    private final Set<String> gone = new LinkedHashSet<>();

    private Set<String> lastSeen = Set.of();

    /** Reads {@code topics} in the name of the group; {@code clientId} is unique. */
    RocketMqMembership(ProtocolClient client, String group, List<String> topics, String clientId, Duration timeout) {
        this.client = client;
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
            TopicRoute route = client.nameServers().routeOrLast(topic, timeout);
            queues.put(topic, route == null ? List.of() : route.readable());
        }
        return queues;
    }

    /** Makes this consumer known to every broker of {@code queues}. */
    void heartbeat(Collection<MessageQueue> queues) {
        brokers(queues).forEach(broker -> client.broker(broker, timeout).heartbeat(group, clientId, topics));
    }

    private static Set<String> brokers(Collection<MessageQueue> queues) {
        return byBroker(queues).keySet();
    }

    private static SortedMap<String, Set<MessageQueue>> byBroker(Collection<MessageQueue> queues) {
        return queues.stream().collect(groupingBy(MessageQueue::getBrokerName, TreeMap::new, toSet()));
    }

    /** The client ids of the group's consumers, sorted, as the first of its brokers knows them that answers. */
    List<String> members(Collection<MessageQueue> queues) {
        MessagingException failure = null;
        for (String broker : brokers(queues)) {
            try {
                return note(new ArrayList<>(client.broker(broker, timeout).members(group)));
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
        gone.addAll(lastSeen);
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
        byBroker(queues)
                .forEach((broker, some) ->
                        locked.addAll(client.broker(broker, timeout).lock(group, clientId, some)));
        return locked;
    }

    /** Gives them back, whatever fails. */
    void unlock(Collection<MessageQueue> queues) {
        unlock(queues, clientId);
    }

    private void unlock(Collection<MessageQueue> queues, String owner) {
        byBroker(queues)
                .forEach((broker, some) -> client.broker(broker, timeout).unlock(group, owner, some));
    }

    /**
     * Breaks the locks of consumers that are no longer in the group. A broker keeps them for a minute, and would not
     * say whose they are; so the marks say it, and the lists of members seen before.
     */
    void breakLocks(Collection<MessageQueue> queues, RocketMqMarks marks) {
        Map<String, Set<MessageQueue>> byOwner = new HashMap<>();
        gone.forEach(owner -> byOwner.put(owner, new HashSet<>(queues)));
        for (MessageQueue queue : queues) {
            String owner = marks.lastOwner(queue);
            if (!owner.isEmpty() && !lastSeen.contains(owner)) {
                byOwner.computeIfAbsent(owner, any -> new HashSet<>()).add(queue);
            }
        }
        byOwner.forEach((owner, locked) -> unlock(locked, owner));
        gone.clear();
    }

    /** Tells every broker that this consumer is gone, so that the others need not find out. */
    void leave(Collection<MessageQueue> queues, Deadline deadline) {
        for (String broker : brokers(queues)) {
            Duration left = deadline.left();
            client.broker(broker, left.compareTo(timeout) < 0 ? left : timeout).leave(group, clientId);
        }
    }
}
