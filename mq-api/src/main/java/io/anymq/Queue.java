package io.anymq;

import io.anymq.policy.Ordering;

/**
 * A point-to-point destination: each message goes to one of the competing consumers.
 *
 * <pre>{@code
 * Queue orders = Queue.of("orders");                 // per-key order
 * Queue thumbnails = Queue.of("thumbnails").unordered();
 * }</pre>
 *
 * @param name {@code [A-Za-z0-9_-]{1,64}}
 * @param ordering which messages keep their order, {@link Ordering#PER_KEY} unless told otherwise
 */
@API(API.Status.STABLE)
public record Queue(String name, Ordering ordering) implements Destination, Source {
    /** Checks the name; throws {@link MessagingException} with {@link ErrorCode#INVALID_NAME}. */
    public Queue {
        Limits.requireName("queue", name);
    }

    /** A queue with {@link Ordering#PER_KEY}. */
    public static Queue of(String name) {
        return new Queue(name, Ordering.PER_KEY);
    }

    /** The same queue without any order. */
    public Queue unordered() {
        return new Queue(name, Ordering.UNORDERED);
    }

    /** The same queue with one order over all messages. */
    public Queue totalOrder() {
        return new Queue(name, Ordering.TOTAL);
    }

    @Override
    public String path() {
        return name;
    }

    @Override
    public String toString() {
        return "queue " + name;
    }
}
