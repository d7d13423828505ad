package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.Subscription;
import io.anymq.policy.Ordering;
import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.rocketmq.protocol.BrokerRequests.LogPosition;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.TopicRoute;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.OffsetRanges;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.rocketmq.common.message.MessageQueue;

/** Creates and checks topics and groups, and writes where a new subscription starts. Thread-safe. */
final class RocketMqProvisioner {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final ProtocolClient client;
    private final RocketMqRoutes routes;
    private final RocketMqConfig config;

    RocketMqProvisioner(ProtocolClient client, RocketMqRoutes routes, RocketMqConfig config) {
        this.client = client;
        this.routes = routes;
        this.config = config;
    }

    void provision(Address address, ProvisionMode mode) {
        if (mode == ProvisionMode.NONE) {
            return;
        }
        Deadline deadline = Deadline.after(config.operationTimeout());
        if (address instanceof Address.Redelivery redelivery) {
            provision(redelivery.origin(), mode, deadline);
        } else {
            provision(address, mode, deadline);
        }
    }

    private void provision(Address address, ProvisionMode mode, Deadline deadline) {
        String topic = RocketMqNames.topic(address);
        TopicRoute route = routes.find(topic, deadline.left());
        if (route == null) {
            if (mode == ProvisionMode.VALIDATE) {
                throw notFound(address, topic);
            }
            route = create(address, topic, deadline);
        }
        compare(address, topic, route);
        if (address instanceof Address.OfTopic) {
            return;
        }
        String group = RocketMqNames.group(address);
        if (mode == ProvisionMode.CREATE) {
            createGroup(group, route, deadline);
        }
        if (address instanceof Address.OfSubscription subscription) {
            start(subscription.subscription(), group, route, mode, deadline);
        }
    }

    /** Checks that a topic, and for receivers the group, exists and matches. */
    TopicRoute check(Address address, boolean receive, Deadline deadline) {
        String topic = RocketMqNames.topic(address);
        TopicRoute route = routes.findOrRemember(topic, deadline.left());
        if (route == null) {
            throw notFound(address, topic);
        }
        if (!(address instanceof Address.Redelivery)) {
            compare(address, topic, route);
        }
        if (receive) {
            String marks = RocketMqNames.marksTopic(RocketMqNames.group(address));
            int needed = perBroker(route) + 1;
            TopicRoute found = routes.findOrRemember(marks, deadline.left());
            if (found == null || perBroker(found) < needed) {
                throw new MessagingException(
                        found == null ? ErrorCode.NOT_FOUND : ErrorCode.MISMATCH,
                        address + " cannot be received from because the RocketMQ topic " + marks
                                + ", where its consumers keep"
                                + " their marks, must have " + needed + " message queues on each broker; create"
                                + " it like this, or set"
                                + " anymq.provision=create");
            }
        }
        return route;
    }

    private static MessagingException notFound(Address address, String topic) {
        return new MessagingException(
                ErrorCode.NOT_FOUND,
                address + " does not exist; create the RocketMQ topic " + topic + ", or set anymq.provision=create");
    }

    private static void compare(Address address, String topic, TopicRoute route) {
        int queues = route.readable().size();
        if (address.ordering() == Ordering.TOTAL && queues != 1) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    address + " is declared with total order, which needs exactly one message queue, but the RocketMQ"
                            + " topic " + topic + " has " + queues + "; declare per-key order, or use another name");
        }
        if (queues == 0 || route.writable().isEmpty()) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    address + " cannot be used because the RocketMQ topic " + topic
                            + " has no message queue that is readable and writable; change its permissions");
        }
    }

    /** The most message queues of a topic on one broker. */
    private static int perBroker(TopicRoute route) {
        int most = 0;
        for (MessageQueue queue : route.readable()) {
            most = Math.max(most, queue.getQueueId() + 1);
        }
        return most;
    }

    private TopicRoute create(Address address, String topic, Deadline deadline) {
        Set<String> brokers = client.nameServers().brokers(deadline.left());
        int queues = config.queues();
        if (address.ordering() == Ordering.TOTAL) {
            brokers = Set.of(brokers.iterator().next());
            queues = 1;
        }
        boolean ordered = address.ordering() != Ordering.UNORDERED;
        if (ordered) {
            // So that keys stay on their message queues while a broker is away.
            client.nameServers().keepRoute(topic, brokers, queues, deadline.left());
        }
        createTopic(topic, brokers, queues, ordered, deadline);
        return awaitRoute(topic, brokers, queues, deadline);
    }

    private void createTopic(String topic, Set<String> brokers, int queues, boolean ordered, Deadline deadline) {
        brokers.forEach(broker -> client.broker(broker, deadline.left()).createTopic(topic, queues, ordered));
    }

    /** Brokers tell the name server by themselves, a little later. */
    private TopicRoute awaitRoute(String topic, Set<String> brokers, int queues, Deadline deadline) {
        while (true) {
            TopicRoute route = routes.find(topic, deadline.left());
            if (route != null
                    && route.brokers().containsAll(brokers)
                    && route.readable().size() >= brokers.size() * queues) {
                return route;
            }
            if (deadline.passed()) {
                throw new MessagingException(
                        ErrorCode.TIMEOUT,
                        "the RocketMQ topic " + topic + " was created, but the name server does not know it yet; try"
                                + " again, and check that all brokers are running",
                        true,
                        null);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** The group, its redelivery topic and the topic for its marks, on every broker that has the topic. */
    private void createGroup(String group, TopicRoute route, Deadline deadline) {
        for (String broker : route.brokers()) {
            if (!client.broker(broker, deadline.left()).hasGroup(group)) {
                client.broker(broker, deadline.left()).createGroup(group);
            }
        }
        ensureTopic(RocketMqNames.redeliveryTopic(group), route, 1, deadline);
        ensureTopic(RocketMqNames.marksTopic(group), route, perBroker(route) + 1, deadline);
    }

    private void ensureTopic(String topic, TopicRoute beside, int queues, Deadline deadline) {
        TopicRoute found = routes.find(topic, deadline.left());
        Set<String> brokers = beside.brokers();
        if (found == null || perBroker(found) < queues || !found.brokers().containsAll(brokers)) {
            createTopic(topic, brokers, queues, false, deadline);
            awaitRoute(topic, brokers, queues, deadline);
        }
    }

    /**
     * The positions are read before it is known whether the group has some already. So when two clients do this at the
     * same time, neither can write a position behind a message that was confirmed after the other one had finished.
     */
    private void start(
            Subscription subscription, String group, TopicRoute route, ProvisionMode mode, Deadline deadline) {
        Map<MessageQueue, Long> positions =
                mode == ProvisionMode.CREATE ? positions(route, subscription.start(), deadline) : Map.of();
        if (exists(group, route.readable(), deadline)) {
            return;
        }
        if (mode == ProvisionMode.VALIDATE) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND,
                    subscription + " does not exist because the RocketMQ group " + group
                            + " has no offsets; commit offsets for it, or set anymq.provision=create");
        }
        // The mark is a message, which survives a kill of the broker; offsets are written to its disk every 5 s.
        Map<MessageQueue, OwnerMark> marks = new LinkedHashMap<>();
        positions.forEach((queue, offset) -> marks.put(queue, new OwnerMark(offset, false, 0, new OffsetRanges())));
        new RocketMqMarks(client, group, "", deadline.left()).writeMarks(marks);
        positions.forEach(
                (queue, offset) -> client.broker(queue, deadline.left()).commit(group, queue, offset));
    }

    private Map<MessageQueue, Long> positions(TopicRoute route, StartPosition start, Deadline deadline) {
        if (start == StartPosition.NOW) {
            route.brokers().forEach(broker -> awaitDispatch(broker, deadline));
        }
        Map<MessageQueue, Long> positions = new LinkedHashMap<>();
        for (MessageQueue queue : route.readable()) {
            positions.put(
                    queue,
                    start == StartPosition.NOW
                            ? client.broker(queue, deadline.left()).end(queue)
                            : client.broker(queue, deadline.left()).first(queue));
        }
        return positions;
    }

    /**
     * Offsets count readable messages, and a message is confirmed a moment before it is readable: waits until what the
     * broker has stored by now is.
     */
    private void awaitDispatch(String broker, Deadline deadline) {
        long stored = -1;
        while (true) {
            LogPosition position = client.broker(broker, deadline.left()).logPosition();
            stored = stored < 0 ? position.stored() : stored;
            if (position.readable() >= stored) {
                return;
            }
            if (deadline.passed()) {
                throw new MessagingException(
                        ErrorCode.TIMEOUT,
                        "the broker " + broker + " did not dispatch its stored messages in time, so the start of a new"
                                + " subscription is unknown; try again and check that it is not overloaded",
                        true,
                        null);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** Whether anything says where the group is: offsets, or marks. */
    private boolean exists(String group, List<MessageQueue> queues, Deadline deadline) {
        TopicRoute marks = routes.find(RocketMqNames.marksTopic(group), deadline.left());
        for (MessageQueue queue : queues) {
            MessageQueue place = RocketMqMarks.place(group, queue);
            if (client.broker(queue, deadline.left()).committed(group, queue) != BrokerRequests.NONE
                    || (marks != null
                            && marks.readable().contains(place)
                            && client.broker(place, deadline.left()).end(place) > 0)) {
                return true;
            }
        }
        return false;
    }
}
