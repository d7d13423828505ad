package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.rocketmq.protocol.BrokerRequests.LogPosition;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.TopicRoute;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.LogProvisioner;
import io.anymq.spi.support.OffsetRanges;
import io.anymq.spi.support.OwnerMark;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** Creates and checks topics and groups, and writes where a new subscription starts. Thread-safe. */
final class RocketMqProvisioner extends LogProvisioner<TopicRoute, MessageQueue> {
    private final ProtocolClient client;
    private final RocketMqConfig config;
    private final RocketMqDeclarations declarations;

    RocketMqProvisioner(ProtocolClient client, RocketMqConfig config) {
        super(config.operationTimeout(), "RocketMQ", "message queue", "group");
        this.client = client;
        this.config = config;
        this.declarations = new RocketMqDeclarations(client);
    }

    @Override
    protected String topic(Address address) {
        return RocketMqNames.topic(address);
    }

    @Override
    protected String group(Address.OfSource address) {
        return RocketMqNames.group(address);
    }

    @Override
    protected int partitions(TopicRoute route) {
        return route.readable().size();
    }

    @Override
    protected @Nullable TopicRoute find(Address address, Deadline deadline) {
        return client.nameServers().route(topic(address), deadline.left());
    }

    /** Checks that the topic exists and matches. */
    TopicRoute check(Address address) {
        return checked(address, client.nameServers().routeOrLast(topic(address), config.operationTimeout()));
    }

    /** Checks that the topic and what its consumers need exist and match. */
    void checkSource(Address address) {
        int needed = perBroker(check(address)) + 1;
        String marks = RocketMqNames.marksTopic(RocketMqNames.group(address));
        TopicRoute found = client.nameServers().routeOrLast(marks, config.operationTimeout());
        if (found == null || perBroker(found) < needed) {
            throw new MessagingException(
                    found == null ? ErrorCode.NOT_FOUND : ErrorCode.MISMATCH,
                    address + " cannot be received from because the RocketMQ topic " + marks
                            + ", where its consumers keep their marks, must have " + needed
                            + " message queues on each broker; create it like this, or set anymq.provision=create");
        }
    }

    @Override
    protected void requireUsable(Address address, TopicRoute route) {
        if (route.readable().isEmpty() || route.writable().isEmpty()) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    address + " cannot be used because the RocketMQ topic " + topic(address)
                            + " has no message queue that is readable and writable; change its permissions");
        }
        RocketMqDeclarations.require(address, route.flags());
    }

    @Override
    protected void declare(Address address, TopicRoute route, ProvisionMode mode, Deadline deadline) {
        if (mode == ProvisionMode.CREATE) {
            declarations.declare(address, topic(address), route, deadline);
        }
    }

    /** The most message queues of a topic on one broker. */
    private static int perBroker(TopicRoute route) {
        return route.readable().stream()
                .mapToInt(queue -> queue.getQueueId() + 1)
                .max()
                .orElse(0);
    }

    @Override
    protected TopicRoute create(Address address, Deadline deadline) {
        String topic = topic(address);
        Set<String> all = client.nameServers().brokers(deadline.left());
        return declarations.alone(topic, all, deadline, () -> createAlone(address, topic, all, deadline));
    }

    private TopicRoute createAlone(Address address, String topic, Set<String> all, Deadline deadline) {
        if (declarations.isThere(topic, all, deadline)) {
            // Another client was quicker; its topic is compared like any other.
            return await(
                    () -> Optional.ofNullable(client.nameServers().route(topic, deadline.left())),
                    deadline,
                    late(topic));
        }
        Set<String> brokers = all;
        int queues = config.queues();
        if (address.ordering() == Ordering.TOTAL) {
            brokers = Set.of(all.iterator().next());
            queues = 1;
        }
        boolean ordered = address.ordering() != Ordering.UNORDERED;
        if (ordered) {
            // So that keys stay on their message queues while a broker is away.
            client.nameServers().keepRoute(topic, brokers, queues, deadline.left());
        }
        return createTopic(topic, brokers, queues, ordered, RocketMqDeclarations.flags(address), deadline);
    }

    /** Brokers tell the name server by themselves, a little later. */
    private TopicRoute createTopic(
            String topic, Set<String> brokers, int queues, boolean ordered, int flags, Deadline deadline) {
        brokers.forEach(broker -> client.broker(broker, deadline.left()).createTopic(topic, queues, ordered, flags));
        return await(
                () -> Optional.ofNullable(client.nameServers().route(topic, deadline.left()))
                        .filter(route -> route.brokers().containsAll(brokers)
                                && route.readable().size() >= brokers.size() * queues),
                deadline,
                late(topic));
    }

    private static String late(String topic) {
        return "the RocketMQ topic " + topic + " was created, but the name server does not know it yet; try again,"
                + " and check that all brokers are running";
    }

    /** The group, its redelivery topic and the topic for its marks, on every broker that has the topic. */
    @Override
    protected void createGroup(Address.OfSource address, TopicRoute route, Deadline deadline) {
        String group = group(address);
        for (String broker : route.brokers()) {
            if (!client.broker(broker, deadline.left()).hasGroup(group)) {
                client.broker(broker, deadline.left()).createGroup(group);
            }
        }
        ensureTopic(RocketMqNames.redeliveryTopic(group), route, 1, deadline);
        ensureTopic(RocketMqNames.marksTopic(group), route, perBroker(route) + 1, deadline);
    }

    private void ensureTopic(String topic, TopicRoute beside, int queues, Deadline deadline) {
        TopicRoute found = client.nameServers().route(topic, deadline.left());
        if (found == null || perBroker(found) < queues || !found.brokers().containsAll(beside.brokers())) {
            createTopic(topic, beside.brokers(), queues, false, 0, deadline);
        }
    }

    /** The mark is a message, which survives a kill of the broker; offsets are written to its disk every 5 s. */
    @Override
    protected void store(String group, Map<MessageQueue, Long> offsets, Deadline deadline) {
        Map<MessageQueue, OwnerMark> marks = new LinkedHashMap<>();
        offsets.forEach((queue, offset) -> marks.put(queue, new OwnerMark(offset, false, 0, new OffsetRanges())));
        new RocketMqMarks(client, group, "", deadline.left()).writeMarks(marks);
        offsets.forEach((queue, offset) -> client.broker(queue, deadline.left()).commit(group, queue, offset));
    }

    @Override
    protected Map<MessageQueue, Long> offsets(TopicRoute route, StartPosition start, Deadline deadline) {
        if (start == StartPosition.NOW) {
            route.brokers().forEach(broker -> awaitDispatch(broker, deadline));
        }
        Map<MessageQueue, Long> offsets = new LinkedHashMap<>();
        for (MessageQueue queue : route.readable()) {
            BrokerRequests broker = client.broker(queue, deadline.left());
            offsets.put(queue, start == StartPosition.NOW ? broker.end(queue) : broker.first(queue));
        }
        return offsets;
    }

    /**
     * Offsets count readable messages, and a message is confirmed a moment before it is readable: waits until what the
     * broker has stored by now is.
     */
    private void awaitDispatch(String broker, Deadline deadline) {
        long stored = client.broker(broker, deadline.left()).logPosition().stored();
        LogPosition unused = await(
                () -> Optional.of(client.broker(broker, deadline.left()).logPosition())
                        .filter(position -> position.readable() >= stored),
                deadline,
                "the broker " + broker + " did not dispatch its stored messages in time, so the start of a new"
                        + " subscription is unknown; try again and check that it is not overloaded");
    }

    /** Offsets or marks. */
    @Override
    protected boolean hasOffsets(String group, TopicRoute route, Deadline deadline) {
        TopicRoute marks = client.nameServers().route(RocketMqNames.marksTopic(group), deadline.left());
        for (MessageQueue queue : route.readable()) {
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
