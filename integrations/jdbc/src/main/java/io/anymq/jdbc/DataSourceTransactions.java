package io.anymq.jdbc;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions without a framework: a connection each, known to its thread. */
final class DataSourceTransactions implements Transactions {
    private static final Logger log = LoggerFactory.getLogger(DataSourceTransactions.class);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final DataSource dataSource;

    @SuppressWarnings("ThreadLocalUsage") // one for each data source, of which there are few
    private final ThreadLocal<Connection> current = new ThreadLocal<>();

    DataSourceTransactions(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public Optional<Connection> current() {
        return Optional.ofNullable(current.get());
    }

    @Override
    public <R> R call(Work<R> work) throws Exception {
        if (current.get() != null) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    "this thread is in a transaction already; use its connection (Transactions.current) instead of"
                            + " beginning another");
        }
        Connection connection = open();
        boolean autoCommit = false;
        boolean ended = false;
        try {
            autoCommit = begin(connection);
            current.set(GuardedConnection.of(connection));
            R result;
            try {
                result = work.run(Objects.requireNonNull(current.get()));
            } finally {
                current.remove();
            }
            commit(connection);
            ended = true;
            return result;
        } finally {
            giveBack(connection, ended, autoCommit);
        }
    }

    private Connection open() {
        try {
            return dataSource.getConnection();
        } catch (SQLException e) {
            throw JdbcFailures.typed("begin a transaction", e);
        }
    }

    /** Returns whether the connection was in auto-commit mode. */
    private static boolean begin(Connection connection) {
        try {
            boolean autoCommit = connection.getAutoCommit();
            if (autoCommit) {
                connection.setAutoCommit(false);
            }
            return autoCommit;
        } catch (SQLException e) {
            throw JdbcFailures.typed("begin a transaction", e);
        }
    }

    @SuppressWarnings("try") // a time-out is only closed
    private static void commit(Connection connection) {
        try (NetworkTimeout unused = NetworkTimeout.set(connection, TIMEOUT_MILLIS)) {
            connection.commit();
        } catch (SQLException e) {
            throw JdbcFailures.typed("commit a transaction", e);
        }
    }

    private static void giveBack(Connection connection, boolean ended, boolean autoCommit) {
        try (connection) {
            if (connection.isClosed()) {
                return;
            }
            if (!ended) {
                connection.rollback();
            }
            // not after a rollback that failed: this would commit what is left
            if (autoCommit) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // what failed before says more, and the pool looks at what it gets
            log.debug("A connection could not be given back as it was", e);
        }
    }
}
