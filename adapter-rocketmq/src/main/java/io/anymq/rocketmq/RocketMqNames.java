package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.support.Fingerprint;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.topic.TopicValidator;
import org.jspecify.annotations.Nullable;

/** Maps addresses to names at the broker. RocketMQ permits letters, digits, '_', '-', '%' and '|' only. */
final class RocketMqNames {
    /**
     * Names of AnyMQ's own making begin so; a user's own name that does, or that RocketMQ keeps to itself, is moved.
     */
    private static final String OWN = "anymq-";

    private static final String MOVED = OWN + "name-";
    private static final String MARKS = OWN + "marks-";
    private static final String REDELIVERY = OWN + "redelivery-";

    private static final int LONGEST_TOPIC = 127;
    private static final int LONGEST_FOREIGN_GROUP = 120;

    /** The topics of a group are called like it, with a longer beginning. */
    private static final int LONGEST_GROUP = LONGEST_TOPIC - (REDELIVERY.length() - OWN.length());

    private static final int HASH_BYTES = 8;

    private RocketMqNames() {}

    static String topic(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return requireNonNullElse(queue.physicalName(), topic(queue.queue().name()));
        }
        if (address instanceof Address.OfTopic topic) {
            return requireNonNullElse(topic.physicalName(), topic(topic.topic().name()));
        }
        if (address instanceof Address.OfSubscription subscription) {
            return topic(subscription.topic());
        }
        return redeliveryTopic(group(((Address.Redelivery) address).origin()));
    }

    static String topic(String name) {
        return name.startsWith(OWN) || isSystemTopic(name) ? MOVED + name : name;
    }

    static String group(Address address) {
        if (address instanceof Address.OfQueue queue) {
            // All that consume one topic as a queue compete, whatever they call it.
            return shortened(OWN + "queue-"
                    + requireNonNullElse(queue.physicalName(), queue.queue().name()));
        }
        if (address instanceof Address.OfSubscription subscription) {
            return requireNonNullElse(subscription.physicalName(), ownGroup(subscription));
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from; receive from its queue or a subscription");
    }

    private static String ownGroup(Address.OfSubscription address) {
        String topic = requireNonNullElse(
                address.topic().physicalName(), address.topic().topic().name());
        // The length keeps a-b/c and a/b-c apart.
        return shortened(OWN + "sub-" + topic.length() + "-" + topic + "-"
                + address.subscription().name());
    }

    /** Why RocketMQ cannot hold a physical name, or null. */
    static @Nullable String problem(Address address, String name) {
        boolean group = address instanceof Address.OfSubscription;
        int longest = group ? LONGEST_FOREIGN_GROUP : LONGEST_TOPIC;
        if (name.length() > longest || !name.chars().allMatch(RocketMqNames::isLegal)) {
            return "a RocketMQ " + (group ? "consumer group" : "topic") + " must have 1 to " + longest
                    + " characters of A-Z a-z 0-9 _ - % |";
        }
        if (name.startsWith(OWN)) {
            return "names that begin with " + OWN + " belong to AnyMQ; use another topic or group";
        }
        if (group ? MixAll.isSysConsumerGroup(name) : isSystemTopic(name)) {
            return "the name is reserved by RocketMQ; use another topic or group";
        }
        return !group && name.startsWith(MixAll.RETRY_GROUP_TOPIC_PREFIX)
                ? "a retry topic belongs to the consumers of its group; use the topic that they consume"
                : null;
    }

    private static boolean isLegal(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_-%|".indexOf(c) >= 0;
    }

    private static boolean isSystemTopic(String name) {
        return name.startsWith(TopicValidator.SYSTEM_TOPIC_PREFIX) || TopicValidator.isSystemTopic(name);
    }

    /**
     * The topic that a group's consumers read besides their own. Not RocketMQ's own {@code %RETRY%}: what is sent there
     * while the group holds locks, the broker confirms and puts into {@code %DLQ%}.
     */
    static String redeliveryTopic(String group) {
        return REDELIVERY + suffix(group);
    }

    /** Where a group's consumers leave their marks. */
    static String marksTopic(String group) {
        return MARKS + suffix(group);
    }

    /** A group that is not of AnyMQ's making gives its topics its whole name. */
    private static String suffix(String group) {
        String own = group.startsWith(OWN) ? group : shortened(OWN + "group-" + group);
        return own.substring(OWN.length());
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST_GROUP) {
            return name;
        }
        String end = "-" + Fingerprint.of(HASH_BYTES, name.getBytes(UTF_8));
        return name.substring(0, LONGEST_GROUP - end.length()) + end;
    }
}
