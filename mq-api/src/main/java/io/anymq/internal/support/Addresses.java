package io.anymq.internal.support;

import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.spi.Address;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes addresses, with the physical names of this deployment. Immutable. */
public final class Addresses {
    /** No destination has a physical name. */
    public static final Addresses UNMAPPED = new Addresses(Map.of(), Map.of(), Map.of());

    private final Kind queues;
    private final Kind topics;
    private final Kind subscriptions;

    /**
     * Takes maps from portable to physical names, each of which stands for one portable name only.
     *
     * @param subscriptions by {@code topic/subscription}
     */
    public Addresses(Map<String, String> queues, Map<String, String> topics, Map<String, String> subscriptions) {
        this.queues = Kind.of("queue", queues);
        this.topics = Kind.of("topic", topics);
        this.subscriptions = Kind.of("subscription", subscriptions);
    }

    /** Where messages to {@code destination} go. */
    public Address of(Destination destination) {
        return destination instanceof Queue queue ? of(queue) : of((Topic) destination);
    }

    /** Where the messages of {@code source} come from. */
    public Address.OfSource of(Source source) {
        return source instanceof Queue queue ? of(queue) : of((Subscription) source);
    }

    /** The address of a queue. */
    public Address.OfQueue of(Queue queue) {
        return new Address.OfQueue(queue, queues.physical(queue.name()));
    }

    /** The address of a topic. */
    public Address.OfTopic of(Topic topic) {
        return new Address.OfTopic(topic, topics.physical(topic.name()));
    }

    /** The address of a subscription. */
    public Address.OfSubscription of(Subscription subscription) {
        return new Address.OfSubscription(
                subscription, subscriptions.physical(subscription.path()), of(subscription.topic()));
    }

    private record Kind(String name, Map<String, String> physical, Map<String, String> logical) {
        static Kind of(String name, Map<String, String> physical) {
            Map<String, String> logical = new HashMap<>();
            physical.forEach((portable, atBroker) -> logical.put(atBroker, portable));
            return new Kind(name, Map.copyOf(physical), Map.copyOf(logical));
        }

        @Nullable
        String physical(String portable) {
            String found = physical.get(portable);
            String other = logical.get(portable);
            if (found == null && other != null) {
                throw new MessagingException(
                        ErrorCode.INVALID_NAME,
                        name + " " + portable + " is the physical name of " + name + " " + other
                                + "; use " + name + " " + other + ", or set anymq.names." + name + "." + portable
                                + " to another place");
            }
            return found;
        }
    }
}
