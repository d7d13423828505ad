package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.spi.Address;

/** What an address is called at the broker. */
final class KafkaNames {
    private KafkaNames() {}

    static String topic(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return queue.queue().name();
        }
        if (address instanceof Address.OfTopic topic) {
            return topic.topic().name();
        }
        if (address instanceof Address.OfSubscription subscription) {
            return subscription.subscription().topic().name();
        }
        return redelivery(((Address.Redelivery) address).source());
    }

    static String group(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return "anymq.queue." + queue.queue().name();
        }
        if (address instanceof Address.OfSubscription subscription) {
            Subscription of = subscription.subscription();
            return "anymq.sub." + of.topic().name() + "." + of.name();
        }
        if (address instanceof Address.Redelivery redelivery) {
            return redelivery(redelivery.source());
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from, only a subscription to it");
    }

    private static String redelivery(Source source) {
        if (source instanceof Queue queue) {
            return "anymq.redelivery.queue." + queue.name();
        }
        Subscription of = (Subscription) source;
        // Kafka refuses topics that differ in '.' and '_' only; the length keeps a_b/c and a/b_c apart.
        return "anymq.redelivery.sub." + of.topic().name().length() + "."
                + of.topic().name() + "." + of.name();
    }
}
