package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.Delivery;
import java.sql.Connection;

/**
 * Handles a message in the transaction of an {@link Inbox}. Thread-safe if the consumer runs several at once.
 *
 * @param <T> the type of the body
 */
@API(API.Status.EXPERIMENTAL)
@FunctionalInterface
public interface TransactionalHandler<T> {
    /**
     * Returning normally commits and settles; anything thrown rolls back and is a failed attempt. What {@link
     * Delivery#publish} is given is stored in the inbox's outbox, in the same transaction.
     *
     * @param connection in the transaction; not to be committed, rolled back or closed
     */
    void handle(Delivery<T> delivery, Connection connection) throws Exception;
}
