package io.anymq.spi;

import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.Topic;
import io.anymq.policy.Ordering;

/**
 * A place at the broker that can be provisioned, sent to or received from. Immutable.
 */
public sealed interface Address {
    /** Which messages keep their order there. */
    Ordering ordering();

    /** A queue: sent to and received from. */
    record OfQueue(Queue queue) implements Address {
        @Override
        public Ordering ordering() {
            return queue.ordering();
        }

        @Override
        public String toString() {
            return queue.toString();
        }
    }

    /** A topic: sent to only. */
    record OfTopic(Topic topic) implements Address {
        @Override
        public Ordering ordering() {
            return topic.ordering();
        }

        @Override
        public String toString() {
            return topic.toString();
        }
    }

    /** A subscription: received from only. */
    record OfSubscription(Subscription subscription) implements Address {
        @Override
        public Ordering ordering() {
            return subscription.ordering();
        }

        @Override
        public String toString() {
            return subscription.toString();
        }
    }

    /**
     * The way back to one source, and to it alone: what the engine sends here reaches the consumers of {@code source} and
     * no other subscription. Used for delayed retries, emulated delay and redrive.
     *
     * <p>Where {@link Capability#DELAY} is NATIVE it is sent to only: the message comes back through the source's own
     * receiver when it is due. Where DELAY is EMULATED it is a place of its own with {@code lanes} FIFO lanes, which
     * {@link OutboundMessage#lane()} chooses and for which the engine opens a second receiver.
     */
    record Redelivery(Source source, int lanes) implements Address {
        @Override
        public Ordering ordering() {
            return Ordering.UNORDERED;
        }

        @Override
        public String toString() {
            return "redelivery of " + source.path();
        }
    }
}
