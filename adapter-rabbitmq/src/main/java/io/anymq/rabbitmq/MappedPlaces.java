package io.anymq.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Queues and exchanges under physical names, which usually exist and were declared elsewhere. What is missing is
 * created like AnyMQ's own, in one lane; what exists is used as it is, after a look at what it cannot give. Thread-safe.
 */
final class MappedPlaces {
    private static final String ACTIVE_CONSUMER = "x-single-active-consumer";

    private final RabbitMqLink link;
    /** Checked places keep their properties: neither queues nor exchanges can change them. */
    private final Set<String> sound = ConcurrentHashMap.newKeySet();

    MappedPlaces(RabbitMqLink link) {
        this.link = link;
    }

    /** Creates the exchange if it is missing; one that exists must take messages for which no routing key was given. */
    void createTopic(Address.OfTopic topic) {
        String exchange = RabbitMqNames.exchange(topic);
        boolean needsNoKey = RabbitMqNames.routingKey(topic) == null;
        try {
            link.run(
                    "creating " + topic, channel -> channel.exchangeDeclare(exchange, BuiltinExchangeType.TOPIC, true));
        } catch (MessagingException e) {
            ServerTexts.Difference difference = DeclaredProperties.difference(e);
            if (difference == null) {
                throw e;
            }
            // the server compares the type first
            if (needsNoKey && "direct".equals(difference.value())) {
                throw new MessagingException(
                        ErrorCode.MISMATCH,
                        topic + " is a direct exchange, which drops messages without the right routing key: name the"
                                + " key behind a slash, anymq.names.topic."
                                + topic.topic().name() + "=" + exchange
                                + "/<routing key>");
            }
        }
        if (needsNoKey) {
            sound.add("exchange " + exchange);
        }
    }

    /** Checks an exchange, which exists, like {@link #createTopic}; by its declaration, as there is no other way. */
    void requireRoutable(Address.OfTopic topic) {
        if (RabbitMqNames.routingKey(topic) == null && !sound.contains("exchange " + RabbitMqNames.exchange(topic))) {
            createTopic(topic);
        }
    }

    /** Creates the queue if it is missing. */
    void createQueue(Address.OfSource source, Map<String, Object> arguments) {
        String queue = RabbitMqNames.queue(source);
        boolean own = declare(source, queue, arguments);
        if (!own) {
            requireOrder(source, arguments);
        }
        link.run("creating " + source, channel -> {
            channel.queueBind(queue, DelayQueues.DUE, queue);
            if (source instanceof Address.OfSubscription of) {
                // Bindings between an existing exchange and an existing queue are left alone.
                if (own || of.topic().physicalName() == null) {
                    String key = RabbitMqNames.routingKey(of.topic());
                    channel.queueBind(queue, RabbitMqNames.exchange(of.topic()), key == null ? "#" : key);
                }
            }
        });
    }

    /** Checks that a queue, which exists, keeps the declared order. */
    void requireOrder(Address address, Map<String, Object> arguments) {
        String queue = RabbitMqNames.queue(address);
        if (RabbitMqNames.ordering(address) == Ordering.UNORDERED || sound.contains("queue " + queue)) {
            return;
        }
        Map<String, Object> found = DeclaredProperties.ofQueue(link, queue, arguments);
        if (!Boolean.TRUE.equals(found.get(ACTIVE_CONSUMER))) {
            throw unordered(address, queue, "has no " + ACTIVE_CONSUMER, "with it");
        }
        if ("quorum".equals(found.get("x-queue-type"))
                && !found.containsKey("x-delivery-limit")
                && RabbitMqServer.of(link.get().connection()).major() < 4) {
            throw unordered(
                    address,
                    queue,
                    "is a quorum queue without x-delivery-limit, which RabbitMQ 3 redelivers out of order",
                    "with a high limit");
        }
        sound.add("queue " + queue);
    }

    private static MessagingException unordered(Address address, String queue, String lack, String cure) {
        return new MessagingException(
                ErrorCode.MISMATCH,
                address + " is declared " + RabbitMqNames.ordering(address) + ", but the RabbitMQ queue " + queue + " "
                        + lack + ": declare it unordered(), or create the queue again " + cure);
    }

    /** Whether it was declared, or had been in the same way; false if it exists with other properties. */
    private boolean declare(Address.OfSource source, String queue, Map<String, Object> arguments) {
        try {
            link.run("creating " + source, channel -> channel.queueDeclare(queue, true, false, false, arguments));
            return true;
        } catch (MessagingException e) {
            if (e.code() == ErrorCode.MISMATCH) {
                return false;
            }
            throw e;
        }
    }
}
