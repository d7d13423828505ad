package io.anymq.spi;

import io.anymq.API;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.policy.Ordering;
import org.jspecify.annotations.Nullable;

/**
 * A place at the broker that can be provisioned, sent to or received from. Immutable.
 *
 * <p>An adapter derives the name at the broker from the portable name by a scheme of its own, unless the address
 * carries a {@link #physicalName()}: then the place exists, or is created, under exactly that name.
 */
@API(API.Status.EVOLVING)
public sealed interface Address {
    /** The ordering of the messages there. */
    Ordering ordering();

    /**
     * The name at the broker that the configuration maps this address to; null where the adapter's own naming scheme
     * applies. {@link BrokerAdapter#invalidPhysicalName} has accepted it.
     */
    @Nullable
    String physicalName();

    /** An address that is received from: a queue or a subscription. */
    sealed interface OfSource extends Address {
        /** The destination as named in the user's code. */
        Source source();

        /** The address of {@code source} under the adapter's own naming scheme. */
        static OfSource of(Source source) {
            return source instanceof Queue queue ? new OfQueue(queue) : new OfSubscription((Subscription) source);
        }
    }

    /**
     * A queue: sent to and received from.
     *
     * @param physicalName its name at the broker, or null
     */
    record OfQueue(Queue queue, @Nullable String physicalName) implements OfSource {
        /** A queue without a physical name. */
        public OfQueue(Queue queue) {
            this(queue, null);
        }

        @Override
        public Queue source() {
            return queue;
        }

        @Override
        public Ordering ordering() {
            return queue.ordering();
        }

        @Override
        public String toString() {
            return described(queue, physicalName);
        }
    }

    /**
     * A topic: sent to only.
     *
     * @param physicalName its name at the broker, or null
     */
    record OfTopic(Topic topic, @Nullable String physicalName) implements Address {
        /** A topic without a physical name. */
        public OfTopic(Topic topic) {
            this(topic, null);
        }

        @Override
        public Ordering ordering() {
            return topic.ordering();
        }

        @Override
        public String toString() {
            return described(topic, physicalName);
        }
    }

    /**
     * A subscription: received from only.
     *
     * @param physicalName what its consumers read at the broker, such as a consumer group or a queue, or null
     * @param topic the topic it belongs to, which may have a physical name of its own
     */
    record OfSubscription(
            Subscription subscription, @Nullable String physicalName, OfTopic topic) implements OfSource {
        /** A subscription that has no physical name, to a topic that has none. */
        public OfSubscription(Subscription subscription) {
            this(subscription, null, new OfTopic(subscription.topic()));
        }

        @Override
        public Subscription source() {
            return subscription;
        }

        @Override
        public Ordering ordering() {
            return subscription.ordering();
        }

        @Override
        public String toString() {
            return described(subscription, physicalName);
        }
    }

    /**
     * The way back to one source, and to it alone: messages that the engine sends here reach the consumers of {@link
     * #source()} and no other subscription. Used for delayed retries, emulated delay and redrive.
     *
     * <p>Where {@link Capability#DELAY} is NATIVE it is sent to only: the message comes back through the source's own
     * receiver when it is due. Where DELAY is EMULATED it is a place of its own with {@code lanes} FIFO lanes, which
     * {@link OutboundMessage#lane()} chooses and for which the engine opens a second receiver.
     *
     * <p>With both, the engine calls {@link BrokerConnection#provision} for it after the source itself: when the source
     * is provisioned or a consumer of it starts, and before a redrive to a subscription. With DELAY UNSUPPORTED it
     * never does.
     *
     * @param origin the queue or subscription it leads back to
     */
    record Redelivery(OfSource origin, int lanes) implements Address {
        /** The way back to a source without physical names. */
        public Redelivery(Source source, int lanes) {
            this(OfSource.of(source), lanes);
        }

        /** The source it leads back to, as named in the user's code. */
        public Source source() {
            return origin.source();
        }

        @Override
        public Ordering ordering() {
            return Ordering.UNORDERED;
        }

        /** Always null: a place of AnyMQ's own, see {@link #origin()}. */
        @Override
        public @Nullable String physicalName() {
            return null;
        }

        @Override
        public String toString() {
            return "redelivery of " + source().path();
        }
    }

    private static String described(Object place, @Nullable String physicalName) {
        return physicalName == null ? place.toString() : place + " (at the broker: " + physicalName + ")";
    }
}
