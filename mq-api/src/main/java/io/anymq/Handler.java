package io.anymq;

/**
 * Handles one delivery at a time on a handler thread. May block.
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
@FunctionalInterface
public interface Handler<T> {
    /** Returns normally when the work is done; any exception starts the retry policy. */
    void handle(Delivery<T> delivery) throws Exception;
}
