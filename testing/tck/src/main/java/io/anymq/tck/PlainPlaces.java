package io.anymq.tck;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects that exist at the broker before AnyMQ comes, made with the vendor's own client under names in the style of
 * the broker's users, such as {@code orders.placed.v1}: a {@link PlainClient} for the rules on physical names, too.
 * Thread-safe.
 */
public interface PlainPlaces extends PlainClient {
    @Override
    default Optional<PlainPlaces> places() {
        return Optional.of(this);
    }

    /** A name for a queue that holds {@code word} and is not portable; nothing is created. */
    default String name(String word) {
        return word + ".placed.v1";
    }

    /** A name that this broker can hold for no queue; null where any text will do. */
    @Nullable
    String impossibleName();

    /**
     * Creates the queue {@link #name name(word)} as an operator without AnyMQ would, and returns its name.
     */
    String createQueue(String word) throws Exception;

    /** Creates a topic with {@code word} in its name, and returns that. */
    String createTopic(String word) throws Exception;

    /**
     * Creates a subscription with {@code word} in its name, and returns that: what gets a copy of every message that is
     * sent to the topic from now on.
     */
    String createSubscription(String topic, String word) throws Exception;

    /** Sends to a topic and returns when the broker has confirmed it. */
    void publish(String topic, PlainMessage message) throws Exception;

    /** The messages of a subscription without consumers; otherwise like {@link PlainClient#read}. */
    List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound) throws Exception;
}
