package io.anymq.spring.jdbc;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.jdbc.Transactions;
import java.sql.Connection;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Spring's transactions: what {@code @Transactional}, {@code JdbcTemplate} and {@code JdbcClient} on the same data source do
 * within one of these, and what is sent to an outbox within one of theirs, is one transaction. JPA takes part where its
 * transaction manager shows the JDBC connection, as Hibernate's does. Thread-safe.
 */
@API(API.Status.EXPERIMENTAL)
public final class SpringTransactions implements Transactions {
    private final DataSource dataSource;
    private final PlatformTransactionManager manager;

    /** {@code manager} must be the one of {@code dataSource}. */
    public SpringTransactions(DataSource dataSource, PlatformTransactionManager manager) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.manager = Objects.requireNonNull(manager, "manager");
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public <R> R call(Work<R> work) throws Exception {
        TransactionStatus status = begin();
        R result;
        try {
            result = work.run(current().orElseThrow(SpringTransactions::isAnotherManager));
        } catch (Throwable e) {
            rollBack(status, e);
            throw e;
        }
        if (status.isRollbackOnly()) {
            MessagingException marked = new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the transaction was marked as rollback-only, so it is rolled back; throw an exception instead of"
                            + " marking it, or let the one that marked it pass",
                    true,
                    null);
            rollBack(status, marked);
            throw marked;
        }
        try {
            manager.commit(status);
        } catch (TransactionException | DataAccessException e) {
            throw failed("commit", e);
        }
        return result;
    }

    private TransactionStatus begin() {
        DefaultTransactionDefinition definition =
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        definition.setName("anymq");
        try {
            return manager.getTransaction(definition);
        } catch (TransactionException e) {
            throw failed("begin", e);
        }
    }

    private void rollBack(TransactionStatus status, Throwable because) {
        try {
            manager.rollback(status);
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private static MessagingException failed(String what, RuntimeException failure) {
        return new MessagingException(
                ErrorCode.UNAVAILABLE,
                "could not " + what + " a transaction: " + failure.getMessage()
                        + "; its cause says whether the database, its pool or another transaction was in the way",
                true,
                failure);
    }

    private static MessagingException isAnotherManager() {
        return new MessagingException(
                ErrorCode.CONFIGURATION,
                "the transaction manager does not show a connection of the data source; give SpringTransactions the two"
                        + " that belong together");
    }

    @Override
    public Optional<Connection> current() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return Optional.empty();
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        // one that belongs to the transaction stays open until that ends
        boolean belongs = DataSourceUtils.isConnectionTransactional(connection, dataSource);
        DataSourceUtils.releaseConnection(connection, dataSource);
        return belongs ? Optional.of(connection) : Optional.empty();
    }
}
