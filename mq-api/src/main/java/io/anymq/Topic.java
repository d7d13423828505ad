package io.anymq;

import io.anymq.policy.Ordering;

/**
 * A publish-subscribe destination: every {@link Subscription} gets its own copy of each message. Adding a subscription
 * changes no producer.
 *
 * <pre>{@code
 * Topic signups = Topic.of("signups");
 * client.producer(signups, User.class).send(user);
 * client.consumer(signups.subscription("welcome-mail"), User.class).start(this::welcome);
 * }</pre>
 *
 * @param name {@code [A-Za-z0-9_-]{1,64}}
 * @param ordering which messages keep their order, {@link Ordering#PER_KEY} unless told otherwise
 */
@API(API.Status.STABLE)
public record Topic(String name, Ordering ordering) implements Destination {
    /** Checks the name; throws {@link MessagingException} with {@link ErrorCode#INVALID_NAME}. */
    public Topic {
        Limits.requireName("topic", name);
    }

    /** A topic with {@link Ordering#PER_KEY}. */
    public static Topic of(String name) {
        return new Topic(name, Ordering.PER_KEY);
    }

    /** The same topic without any order. */
    public Topic unordered() {
        return new Topic(name, Ordering.UNORDERED);
    }

    /** The same topic with one order over all messages. */
    public Topic totalOrder() {
        return new Topic(name, Ordering.TOTAL);
    }

    /** A durable subscription that begins {@link StartPosition#NOW} when it does not exist yet. */
    public Subscription subscription(String name) {
        return new Subscription(this, name, StartPosition.NOW);
    }

    /** A durable subscription with an explicit start. */
    public Subscription subscription(String name, StartPosition start) {
        return new Subscription(this, name, start);
    }

    @Override
    public String toString() {
        return "topic " + name;
    }
}
