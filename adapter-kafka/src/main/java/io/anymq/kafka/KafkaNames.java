package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.spi.Address;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Maps addresses to names at the broker. */
final class KafkaNames {
    /** Topics and groups of AnyMQ's own making begin so. */
    private static final String OWN = "anymq.";

    private static final int LONGEST_TOPIC = 249;
    private static final int LONGEST_GROUP = 32_767;
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]+");
    private static final Set<String> INTERNAL =
            Set.of("__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata");

    private KafkaNames() {}

    static String topic(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return requireNonNullElse(queue.physicalName(), queue.queue().name());
        }
        if (address instanceof Address.OfTopic topic) {
            return requireNonNullElse(topic.physicalName(), topic.topic().name());
        }
        if (address instanceof Address.OfSubscription subscription) {
            return topic(subscription.topic());
        }
        return redelivery(((Address.Redelivery) address).source());
    }

    /** All that consume one Kafka topic as a queue compete, whatever they call it: its group has the topic's name. */
    static String group(Address address) {
        if (address instanceof Address.OfQueue) {
            return OWN + "queue." + topic(address);
        }
        if (address instanceof Address.OfSubscription subscription) {
            Subscription of = subscription.subscription();
            return requireNonNullElse(
                    subscription.physicalName(), OWN + "sub." + topic(subscription.topic()) + "." + of.name());
        }
        if (address instanceof Address.Redelivery redelivery) {
            return redelivery(redelivery.source());
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from; receive from a subscription to it");
    }

    /** Why Kafka cannot hold a physical name, or null. */
    static @Nullable String problem(Address address, String name) {
        if (name.startsWith(OWN)) {
            return "names that begin with " + OWN + " belong to AnyMQ; use another topic or group";
        }
        if (address instanceof Address.OfSubscription) {
            int bytes = name.getBytes(UTF_8).length;
            return bytes <= LONGEST_GROUP
                    ? null
                    : "a Kafka consumer group must have 1 to " + LONGEST_GROUP + " bytes, but this has " + bytes;
        }
        if (INTERNAL.contains(name)) {
            return "the topic is internal to Kafka; use another topic";
        }
        return name.length() <= LONGEST_TOPIC && TOPIC.matcher(name).matches()
                ? null
                : "a Kafka topic must have 1 to " + LONGEST_TOPIC
                        + " characters of A-Z a-z 0-9 . _ - and be neither . nor ..";
    }

    private static String redelivery(Source source) {
        if (source instanceof Queue queue) {
            return OWN + "redelivery.queue." + queue.name();
        }
        Subscription of = (Subscription) source;
        // Kafka refuses topics that differ in '.' and '_' only; the length keeps a_b/c and a/b_c apart.
        return OWN + "redelivery.sub." + of.topic().name().length() + "."
                + of.topic().name() + "." + of.name();
    }
}
