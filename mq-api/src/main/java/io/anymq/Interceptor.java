package io.anymq;

import org.jspecify.annotations.Nullable;

/**
 * Sees every message on its way out and in, in the order in which interceptors were added; {@link #afterHandle} runs in
 * reverse. For tracing, tenants, audit. Thread-safe. An exception from {@link #beforeSend} rejects the send; one from
 * {@link #beforeHandle} fails the attempt; one from {@link #afterHandle} is logged.
 */
public interface Interceptor {
    /** May return a changed copy, for instance with a header added. Runs on the sending thread. */
    default <T> Message<T> beforeSend(Destination destination, Message<T> message) {
        return message;
    }

    /** Before each attempt, on the handler's thread. */
    default void beforeHandle(Delivery<?> delivery) throws Exception {}

    /** After each attempt; {@code failure} is null when it succeeded. */
    default void afterHandle(Delivery<?> delivery, @Nullable Throwable failure) {}
}
