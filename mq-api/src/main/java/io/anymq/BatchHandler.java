package io.anymq;

import java.util.List;

/**
 * Handles several deliveries in one call. If it throws, no message of the batch is settled and each is then tried again
 * alone, so one bad message does not take its neighbours with it.
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
@FunctionalInterface
public interface BatchHandler<T> {
    /** Returns normally when all of them are done. The list is never empty and holds each key's messages in order. */
    void handle(List<Delivery<T>> deliveries) throws Exception;
}
