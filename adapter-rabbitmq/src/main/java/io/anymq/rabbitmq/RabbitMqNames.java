package io.anymq.rabbitmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;

/** What an address is called at the broker. AnyMQ names hold neither dots nor tildes, so nothing here can collide. */
final class RabbitMqNames {
    /** Where messages would go that a queue gives up on by itself; with AnyMQ's settings it never does. */
    static final String BACKSTOP = "anymq.backstop";

    private RabbitMqNames() {}

    /** The first RabbitMQ queue of a queue, a subscription or a way back to one of them. */
    static String queue(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return queue(queue.queue());
        }
        if (address instanceof Address.OfSubscription subscription) {
            return queue(subscription.subscription());
        }
        if (address instanceof Address.Redelivery redelivery) {
            return queue(redelivery.source());
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from, only a subscription to it");
    }

    static String queue(Source source) {
        if (source instanceof Queue queue) {
            return queue.name();
        }
        Subscription subscription = (Subscription) source;
        return subscription.topic().name() + "." + subscription.name();
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

    /** Where attempts are written down. */
    static String attempts(String queue) {
        return queue + "~attempts";
    }

    /** Where the receivers of a source with several lanes are counted. */
    static String members(String queue) {
        return queue + "~members";
    }

    /** The routing key under which a delayed message for a topic comes out. */
    static String delayedTopic(String topic) {
        return "topic." + topic;
    }
}
