package io.anymq;

import io.anymq.policy.Ordering;

/**
 * A named, durable subscription to a {@link Topic}. It outlives its consumers; consumers of the same subscription
 * compete, consumers of different subscriptions each get a copy.
 *
 * @param topic the topic subscribed to
 * @param name {@code [A-Za-z0-9_-]{1,64}}, unique within the topic
 * @param start where it begins when it is provisioned for the first time; ignored for one that exists
 */
@API(API.Status.STABLE)
public record Subscription(Topic topic, String name, StartPosition start) implements Source {
    /** Checks the name; throws {@link MessagingException} with {@link ErrorCode#INVALID_NAME}. */
    public Subscription {
        Limits.requireName("subscription", name);
    }

    @Override
    public String path() {
        return topic.name() + "/" + name;
    }

    @Override
    public Ordering ordering() {
        return topic.ordering();
    }

    @Override
    public String toString() {
        return "subscription " + path();
    }
}
