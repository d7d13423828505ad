package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.jspecify.annotations.Nullable;

/** Maps addresses to names at the broker. Immutable. */
final class ActiveMqNames {
    /** Between address and queue in Artemis' fully qualified queue names. */
    static final String QUALIFIER = "::";

    private static final String OWN = "anymq.";

    /**
     * Wildcards of both servers, composite destinations, options, and characters that a management message would not
     * quote.
     */
    private static final String ILLEGAL = "*>#,?\"\\";

    private static final int LONGEST = 32_767;

    private final ServerKind kind;
    private final String topicPrefix;
    private final String subscriptionPrefix;

    ActiveMqNames(ServerKind kind, ActiveMqConfig config) {
        this.kind = kind;
        this.topicPrefix = config.topicPrefix();
        this.subscriptionPrefix = config.subscriptionPrefix();
    }

    /** Where messages for {@code address} are sent. */
    ActiveMQDestination target(Address address, int lane) {
        if (address instanceof Address.OfQueue queue) {
            return new ActiveMQQueue(queue(queue));
        }
        if (address instanceof Address.OfTopic topic) {
            return new ActiveMQTopic(topic(topic));
        }
        if (address instanceof Address.Redelivery redelivery) {
            return lane >= 0 ? new ActiveMQQueue(lane(redelivery.origin(), lane)) : back(redelivery.origin());
        }
        throw new MessagingException(ErrorCode.INTERNAL, address + " cannot be sent to; send to its topic");
    }

    /** The way back to one source: Artemis takes a message for one queue of an address by its full name only. */
    private ActiveMQDestination back(Address.OfSource source) {
        if (source instanceof Address.OfQueue queue) {
            return new ActiveMQQueue(queue(queue));
        }
        String name = qualified((Address.OfSubscription) source);
        return kind == ServerKind.CLASSIC ? new ActiveMQQueue(name) : new ActiveMQTopic(name);
    }

    /** Where the messages of {@code address} are received, one queue a lane. */
    List<ActiveMQQueue> sources(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return List.of(new ActiveMQQueue(queue(queue)));
        }
        if (address instanceof Address.OfSubscription of) {
            return List.of(new ActiveMQQueue(qualified(of)));
        }
        if (address instanceof Address.Redelivery redelivery) {
            return IntStream.range(0, redelivery.lanes())
                    .mapToObj(lane -> new ActiveMQQueue(lane(redelivery.origin(), lane)))
                    .toList();
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from; receive from a subscription to it");
    }

    /** The order that must hold for messages sent to {@code address}. */
    static Ordering ordering(Address address) {
        return address instanceof Address.Redelivery redelivery
                ? redelivery.source().ordering()
                : address.ordering();
    }

    String queue(Address.OfQueue address) {
        String physical = address.physicalName();
        return physical == null ? address.queue().name() : understood(address, physical);
    }

    String topic(Address.OfTopic address) {
        String physical = address.physicalName();
        if (physical == null) {
            return topicPrefix + address.topic().name();
        }
        if (physical.contains(QUALIFIER)) {
            throw invalid(address, "a topic is an address; write it without " + QUALIFIER + " and a queue");
        }
        return physical;
    }

    String subscription(Address.OfSubscription address) {
        String physical = address.physicalName();
        return physical == null
                ? subscriptionPrefix + address.subscription().name() + "." + topic(address.topic())
                : understood(address, physical);
    }

    /** What a queue, or a topic without the prefix of topics, is declared as: a name is one of them. */
    String declared(Address address) {
        if (address instanceof Address.OfQueue of) {
            return queue(of);
        }
        String topic = declaredTopic(address);
        return topic.startsWith(topicPrefix) ? topic.substring(topicPrefix.length()) : topic;
    }

    /** The topic of an address, or the one that a queue would be if it were a topic. */
    String declaredTopic(Address address) {
        if (address instanceof Address.OfTopic of) {
            return topic(of);
        }
        return address instanceof Address.OfSubscription of ? topic(of.topic()) : topicPrefix + declared(address);
    }

    /** The queue that says how an address was declared. */
    String declaration(Address address) {
        return OWN + "declaration." + declared(address).replace(QUALIFIER, ".");
    }

    /** The queue of a subscription, on Artemis with the address it belongs to. */
    private String qualified(Address.OfSubscription address) {
        String name = subscription(address);
        return kind == ServerKind.CLASSIC || name.contains(QUALIFIER)
                ? name
                : topic(address.topic()) + QUALIFIER + name;
    }

    /** Whether the virtual topics that this client is configured for give the queue of a subscription its copies. */
    boolean isVirtual(Address.OfSubscription address) {
        String topic = topic(address.topic());
        String queue = subscription(address);
        return topic.startsWith(topicPrefix) && queue.startsWith(subscriptionPrefix) && queue.endsWith("." + topic);
    }

    private String understood(Address address, String physical) {
        if (kind == ServerKind.CLASSIC && physical.contains(QUALIFIER)) {
            throw invalid(address, "ActiveMQ Classic has no addresses with queues; write the queue's name alone");
        }
        return physical;
    }

    private static MessagingException invalid(Address address, String why) {
        return new MessagingException(ErrorCode.INVALID_NAME, address + " cannot be used: " + why);
    }

    /** Why neither server can hold a physical name, or null. */
    static @Nullable String problem(String name) {
        if (name.length() > LONGEST) {
            return "an ActiveMQ name must have 1 to " + LONGEST + " characters, but this has " + name.length();
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 127 || ILLEGAL.indexOf(c) >= 0) || !name.equals(name.trim())) {
            return "an ActiveMQ name must not contain any of " + ILLEGAL
                    + " or control characters, nor begin or end with a space";
        }
        if (name.contains("://") || name.startsWith(QUALIFIER) || name.endsWith(QUALIFIER)) {
            return "write the queue's or topic's name alone, or on Artemis address" + QUALIFIER + "queue";
        }
        return name.startsWith(OWN) ? "names that begin with " + OWN + " belong to AnyMQ; use another name" : null;
    }

    private static String lane(Address.OfSource source, int lane) {
        if (source instanceof Address.OfQueue queue) {
            return OWN + "redelivery.queue." + queue.queue().name() + "." + lane;
        }
        Address.OfSubscription of = (Address.OfSubscription) source;
        return OWN + "redelivery.sub." + of.topic().topic().name() + "."
                + of.subscription().name() + "." + lane;
    }
}
