package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import org.jspecify.annotations.Nullable;

/**
 * What an address is called at the broker. Portable names hold neither dots nor tildes, so AnyMQ's own names cannot
 * collide. A physical name is a queue, or an exchange with the routing key behind a slash: {@code events/orders.placed}.
 */
final class RabbitMqNames {
    /** Where messages would go that a queue gives up on by itself; with AnyMQ's settings it never does. */
    static final String BACKSTOP = "anymq.backstop";

    private static final String OWN = "anymq.";
    private static final char ROUTING_KEY = '/';
    private static final int LONGEST = 255;

    private RabbitMqNames() {}

    /** The first RabbitMQ queue of a queue, a subscription or a way back to one of them. */
    static String queue(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return requireNonNullElse(queue.physicalName(), queue.queue().name());
        }
        if (address instanceof Address.OfSubscription of) {
            String topic = of.topic().topic().name();
            return requireNonNullElse(
                    of.physicalName(), topic + "." + of.subscription().name());
        }
        if (address instanceof Address.Redelivery redelivery) {
            return queue(redelivery.origin());
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from, only a subscription to it");
    }

    static String exchange(Address.OfTopic address) {
        String physical = address.physicalName();
        if (physical == null) {
            return address.topic().name();
        }
        int key = physical.indexOf(ROUTING_KEY);
        return key < 0 ? physical : physical.substring(0, key);
    }

    /** The routing key that a physical name prescribes, or null. */
    static @Nullable String routingKey(Address.OfTopic address) {
        String physical = address.physicalName();
        int key = physical == null ? -1 : physical.indexOf(ROUTING_KEY);
        return physical == null || key < 0 ? null : physical.substring(key + 1);
    }

    /** Whether a queue or exchange, or the exchange of a subscription, has a physical name: then there are no lanes. */
    static boolean isMapped(Address address) {
        if (address instanceof Address.Redelivery redelivery) {
            return isMapped(redelivery.origin());
        }
        return address.physicalName() != null
                || (address instanceof Address.OfSubscription of && of.topic().physicalName() != null);
    }

    /** Why RabbitMQ cannot hold a physical name, or null. */
    static @Nullable String problem(Address address, String name) {
        if (name.startsWith(OWN)) {
            return "names that begin with " + OWN + " belong to AnyMQ; use another queue or exchange";
        }
        if (address instanceof Address.OfTopic topic) {
            String exchange = exchange(topic);
            String key = routingKey(topic);
            return exchange.isEmpty() || bytes(exchange) > LONGEST || (key != null && bytes(key) > LONGEST)
                    ? "an exchange and a routing key must have 1 to " + LONGEST
                            + " bytes each; write exchange or exchange/routing.key"
                    : null;
        }
        if (name.startsWith("amq.")) {
            return "queues that begin with amq. belong to RabbitMQ; use another queue";
        }
        int longest = LONGEST - quorum(attempts("")).length();
        return bytes(name) > longest
                ? "a queue must have 1 to " + longest + " bytes, because AnyMQ keeps attempts in a queue named "
                        + quorum(attempts("<queue>")) + ", but this has " + bytes(name)
                : null;
    }

    private static int bytes(String name) {
        return name.getBytes(UTF_8).length;
    }

    /** Lane 0 has the plain name, so that a plain client finds a queue where it looks for one. */
    static String lane(String queue, int lane) {
        return lane == 0 ? queue : queue + "~" + lane;
    }

    static Ordering ordering(Address address) {
        return address instanceof Address.Redelivery redelivery
                ? redelivery.source().ordering()
                : address.ordering();
    }

    /** Where attempts are written down, if it is a classic queue. */
    static String attempts(String queue) {
        return queue + "~attempts";
    }

    /** Where the receivers of a source with several lanes are counted, if it is a classic queue. */
    static String members(String queue) {
        return queue + "~members";
    }

    /** The quorum queue for the same; begins alike, because permissions name what exists. */
    static String quorum(String helper) {
        return helper + ".q";
    }

    /** The routing key under which a delayed message for a topic comes out. */
    static String delayedTopic(String topic) {
        return "topic." + topic;
    }
}
