package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Subscription;
import io.anymq.spi.Address;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.rocketmq.common.topic.TopicValidator;

/** What an address is called at the broker. RocketMQ takes letters, digits, '_', '-', '%' and '|' only. */
final class RocketMqNames {
    /** Names of AnyMQ's own making begin so; a user's own name that does, or that RocketMQ keeps to itself, is moved. */
    private static final String OWN = "anymq-";

    private static final String MOVED = OWN + "name-";
    private static final String MARKS = OWN + "marks-";
    private static final String REDELIVERY = OWN + "redelivery-";

    /** A topic may have 127 characters; the topics of a group are called like it, with a longer beginning. */
    private static final int LONGEST_GROUP = 127 - (REDELIVERY.length() - OWN.length());

    private static final int HASH_BYTES = 8;

    private RocketMqNames() {}

    static String topic(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return topic(queue.queue().name());
        }
        if (address instanceof Address.OfTopic topic) {
            return topic(topic.topic().name());
        }
        if (address instanceof Address.OfSubscription subscription) {
            return topic(subscription.subscription().topic().name());
        }
        return redeliveryTopic(group(((Address.Redelivery) address).source()));
    }

    static String topic(String name) {
        boolean taken = name.startsWith(OWN)
                || name.startsWith(TopicValidator.SYSTEM_TOPIC_PREFIX)
                || TopicValidator.isSystemTopic(name);
        return taken ? MOVED + name : name;
    }

    static String group(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return group(queue.queue());
        }
        if (address instanceof Address.OfSubscription subscription) {
            return group(subscription.subscription());
        }
        throw new MessagingException(
                ErrorCode.INTERNAL, address + " cannot be received from, only its queue or a subscription");
    }

    static String group(Source source) {
        if (source instanceof Queue queue) {
            return OWN + "queue-" + queue.name();
        }
        Subscription of = (Subscription) source;
        String topic = of.topic().name();
        // The length keeps a-b/c and a/b-c apart.
        return shortened(OWN + "sub-" + topic.length() + "-" + topic + "-" + of.name());
    }

    /**
     * What a group's consumers read besides its topic. Not RocketMQ's own {@code %RETRY%}: what is sent there while the
     * group holds locks, the broker confirms and puts into {@code %DLQ%}.
     */
    static String redeliveryTopic(String group) {
        return REDELIVERY + group.substring(OWN.length());
    }

    /** Where a group's consumers leave their marks. */
    static String marksTopic(String group) {
        return MARKS + group.substring(OWN.length());
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST_GROUP) {
            return name;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
            String end = "-" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
            return name.substring(0, LONGEST_GROUP - end.length()) + end;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
