package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.MessagingException;
import java.sql.Connection;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * How transactions of a database are begun and ended, and which one the current thread is in. {@link #of} works on a plain
 * {@link DataSource}; with Spring Boot there is a bean of this type that uses Spring's transactions. Thread-safe.
 *
 * <pre>{@code
 * Transactions transactions = Transactions.of(dataSource);
 * transactions.call(connection -> {
 *     insertOrder(connection, order);
 *     return placed.send(order); // a producer of an Outbox on the same transactions
 * });
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public interface Transactions {
    /** Transactions on connections of {@code dataSource}, each on the thread that calls. */
    static Transactions of(DataSource dataSource) {
        return new DataSourceTransactions(dataSource);
    }

    /** Where the connections come from. A connection taken from here is in no transaction of these. */
    DataSource dataSource();

    /**
     * Runs {@code work} in a transaction of its own: commits when it returns, rolls back when it throws.
     *
     * @return what {@code work} returns
     * @throws MessagingException if the transaction could not be begun or committed. A commit whose answer was lost may
     *     have taken place.
     * @throws Exception what {@code work} throws
     */
    <R> R call(Work<R> work) throws Exception;

    /** The connection of the transaction that this thread is in, for use until that ends; empty outside one. */
    Optional<Connection> current();

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<R> {
        /** Does it. The connection must not be committed, rolled back or closed here. */
        R run(Connection connection) throws Exception;
    }
}
