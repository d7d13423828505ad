package io.anymq.rocketmq.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Hears how a request ended, once, on the client's thread or the caller's.
 *
 * @param <T> what the server answers
 */
@FunctionalInterface
public interface Answer<T> {
    /** The server did what was asked and says {@code answer}; or that is null, and {@code failure} is the reason. */
    void ended(@Nullable T answer, @Nullable Failure failure);
}
