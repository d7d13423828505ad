package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.Delivery;
import java.sql.Connection;
import java.util.List;

/**
 * Handles a batch in one transaction of an {@link Inbox}. Thread-safe if the consumer runs several at once.
 *
 * @param <T> the type of the bodies
 */
@API(API.Status.EXPERIMENTAL)
@FunctionalInterface
public interface TransactionalBatchHandler<T> {
    /**
     * Like {@link TransactionalHandler#handle}, for several.
     *
     * @param deliveries those that were not handled before, in order; never empty, unmodifiable
     * @param connection in the transaction; not to be committed, rolled back or closed
     */
    void handle(List<Delivery<T>> deliveries, Connection connection) throws Exception;
}
