package io.anymq.rocketmq;

import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.TopicRoute;
import io.anymq.spi.Address;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Declaration;
import io.anymq.spi.support.LogProvisioner;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How topics were declared, in system flags of the topics themselves: brokers store and replicate them with the topic,
 * name servers report them with its route, and they go away with it. RocketMQ uses the lowest two bits. Thread-safe.
 */
final class RocketMqDeclarations {
    private static final Logger LOG = LoggerFactory.getLogger(RocketMqDeclarations.class);
    private static final int SHIFT = 16;
    private static final int MASK = 0xF << SHIFT;
    private static final String WHERE = "the topic's system flags";

    /** The group in whose name topics are locked while they are declared. */
    private static final String GROUP = "anymq-declarations";

    /** What the numbers from 1 on stand for; never changed, only added to. */
    private static final List<Declaration> NUMBERED = List.of(
            of(Declaration.QUEUE, Ordering.UNORDERED),
            of(Declaration.QUEUE, Ordering.PER_KEY),
            of(Declaration.QUEUE, Ordering.TOTAL),
            of(Declaration.TOPIC, Ordering.UNORDERED),
            of(Declaration.TOPIC, Ordering.PER_KEY),
            of(Declaration.TOPIC, Ordering.TOTAL));

    private final ProtocolClient client;

    RocketMqDeclarations(ProtocolClient client) {
        this.client = client;
    }

    private static Declaration of(String kind, Ordering ordering) {
        return new Declaration(kind, ordering.name(), null);
    }

    /** The flags of a topic that is declared like {@code address}. */
    static int flags(Address address) {
        Declaration declared = Declaration.of(address, null);
        return declared == null ? 0 : (NUMBERED.indexOf(declared) + 1) << SHIFT;
    }

    /** What the flags of a topic say; null if it was never declared. */
    static @Nullable Declaration in(int flags) {
        int number = (flags & MASK) >>> SHIFT;
        if (number == 0) {
            return null;
        }
        return number <= NUMBERED.size()
                ? NUMBERED.get(number - 1)
                : new Declaration("destination of a newer version of AnyMQ", Integer.toString(number), null);
    }

    /**
     * Compares the declaration of {@code address} with that of its topic, if there is one.
     *
     * @throws MessagingException MISMATCH
     */
    static void require(Address address, int flags) {
        Declaration found = in(flags);
        if (found != null) {
            found.requireAgreement(address, WHERE);
        }
    }

    /** Declares a topic that exists and was not declared. */
    void declare(Address address, String topic, TopicRoute route, Deadline deadline) {
        if (in(route.flags()) == null) {
            alone(topic, route.brokers(), deadline, () -> declareAlone(address, topic, route.brokers(), deadline));
        }
    }

    private TopicRoute declareAlone(Address address, String topic, Set<String> brokers, Deadline deadline) {
        for (String broker : brokers) {
            require(address, client.broker(broker, deadline.left()).flags(topic).orElse(0));
        }
        for (String broker : brokers) {
            client.broker(broker, deadline.left()).addFlags(topic, flags(address));
        }
        return LogProvisioner.await(
                () -> Optional.ofNullable(client.nameServers().route(topic, deadline.left()))
                        .filter(route -> in(route.flags()) != null),
                deadline,
                "the RocketMQ topic " + topic + " was declared, but the name server does not know it yet; try again");
    }

    /** Whether one of the brokers has the topic, whatever the name server knows. */
    boolean isThere(String topic, Set<String> brokers, Deadline deadline) {
        return brokers.stream()
                .anyMatch(broker ->
                        client.broker(broker, deadline.left()).flags(topic).isPresent());
    }

    /** Runs {@code work} while no other client declares the topic. The broker ends the lock of a client that dies. */
    <T> T alone(String topic, Set<String> brokers, Deadline deadline, Supplier<T> work) {
        String broker = new TreeSet<>(brokers).first();
        Set<MessageQueue> place = Set.of(new MessageQueue(topic, broker, 0));
        String owner = UUID.randomUUID().toString();
        Set<MessageQueue> locked = LogProvisioner.await(
                () -> Optional.of(client.broker(broker, deadline.left()).lock(GROUP, owner, place))
                        .filter(place::equals),
                deadline,
                "the RocketMQ topic " + topic + " is being declared by another client; try again");
        try {
            return work.get();
        } finally {
            unlock(broker, owner, locked, deadline);
        }
    }

    private void unlock(String broker, String owner, Set<MessageQueue> locked, Deadline deadline) {
        try {
            client.broker(broker, deadline.left()).unlock(GROUP, owner, locked);
        } catch (MessagingException e) {
            LOG.debug("Could not unlock {}; the broker does so within a minute", locked, e);
        }
    }
}
