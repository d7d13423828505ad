package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;

/** What an address is called at the broker. Immutable. */
final class ActiveMqNames {
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
            return new ActiveMQQueue(queue.queue().name());
        }
        if (address instanceof Address.OfTopic topic) {
            return new ActiveMQTopic(topic(topic.topic()));
        }
        if (address instanceof Address.Redelivery redelivery) {
            return lane >= 0 ? new ActiveMQQueue(lane(redelivery.source(), lane)) : back(redelivery.source());
        }
        throw new MessagingException(ErrorCode.INTERNAL, address + " cannot be sent to, only its topic");
    }

    /** The way back to one source: Artemis takes a message for one queue of an address by its full name only. */
    private ActiveMQDestination back(Source source) {
        if (source instanceof Queue queue) {
            return new ActiveMQQueue(queue.name());
        }
        Subscription subscription = (Subscription) source;
        return kind == ServerKind.CLASSIC
                ? new ActiveMQQueue(subscription(subscription))
                : new ActiveMQTopic(topic(subscription.topic()) + "::" + subscription(subscription));
    }

    /** Where the messages of {@code address} are received. */
    ActiveMQQueue source(Address address, int lane) {
        if (address instanceof Address.OfQueue queue) {
            return new ActiveMQQueue(queue.queue().name());
        }
        if (address instanceof Address.OfSubscription of) {
            String name = subscription(of.subscription());
            return new ActiveMQQueue(
                    kind == ServerKind.CLASSIC ? name : topic(of.subscription().topic()) + "::" + name);
        }
        if (address instanceof Address.Redelivery redelivery) {
            return new ActiveMQQueue(lane(redelivery.source(), lane));
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from, only a subscription to it");
    }

    /** The order that must hold for what is sent to {@code address}. */
    static Ordering ordering(Address address) {
        return address instanceof Address.Redelivery redelivery
                ? redelivery.source().ordering()
                : address.ordering();
    }

    String topic(Topic topic) {
        return topicPrefix + topic.name();
    }

    String subscription(Subscription subscription) {
        return subscriptionPrefix + subscription.name() + "." + topic(subscription.topic());
    }

    private static String lane(Source source, int lane) {
        if (source instanceof Queue queue) {
            return "anymq.redelivery.queue." + queue.name() + "." + lane;
        }
        Subscription of = (Subscription) source;
        return "anymq.redelivery.sub." + of.topic().name() + "." + of.name() + "." + lane;
    }
}
