package io.anymq.jdbc;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database as one part of this module uses it: each call takes a connection and gives it back, is repeated when other
 * transactions are in its way, and looks at the part's tables first. Thread-safe.
 */
final class Database {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /** How often a call is made when other transactions are in its way. */
    static final int TRIES = 4;

    /** What is done with a connection. */
    interface Call<R> {
        R run(Connection connection, Dialect sql) throws SQLException;
    }

    private final DataSource dataSource;
    private final Schema.Part part;
    private final SchemaMode mode;
    private final int timeoutMillis;

    private volatile @Nullable Dialect dialect;

    Database(DataSource dataSource, Schema.Part part, SchemaMode mode, int timeoutMillis) {
        this.dataSource = dataSource;
        this.part = part;
        this.mode = mode;
        this.timeoutMillis = timeoutMillis;
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    /** The dialect, if the tables were looked at. */
    @Nullable
    Dialect known() {
        return dialect;
    }

    /** The dialect, after the tables were looked at; {@code what} as in {@link #call}. */
    Dialect ready(String what) {
        Dialect known = dialect;
        return known != null ? known : call(what, (connection, sql) -> sql);
    }

    /**
     * Looks at the tables when something is built. A database that does not answer then is looked at later.
     *
     * @param who as in "The inbox is not ready"
     */
    void lookNow(String who) {
        try {
            ready("look at the tables");
        } catch (MessagingException e) {
            if (e.code() != ErrorCode.UNAVAILABLE && e.code() != ErrorCode.TIMEOUT && e.code() != ErrorCode.FULL) {
                throw e;
            }
            log.warn("The {} is not ready: {}. Messages wait until it is", who, e.getMessage());
        }
    }

    /** As the connection comes: each statement by itself, or one transaction where the pool has no auto-commit. */
    <R> R call(String what, Call<R> call) {
        return repeat(what, false, call);
    }

    /** In one transaction at READ COMMITTED, which takes no locks on gaps between rows. */
    <R> R inTransaction(String what, Call<R> call) {
        return repeat(what, true, call);
    }

    private <R> R repeat(String what, boolean transaction, Call<R> call) {
        for (int round = 1; ; round++) {
            try {
                return once(transaction, call);
            } catch (SQLException e) {
                if (!JdbcFailures.isConflict(e) || round == TRIES) {
                    throw JdbcFailures.typed(what, e);
                }
            }
        }
    }

    @SuppressWarnings("try") // a time-out is only closed
    private <R> R once(boolean transaction, Call<R> call) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                NetworkTimeout unused = NetworkTimeout.set(connection, timeoutMillis)) {
            Dialect sql = look(connection);
            return transaction ? transaction(connection, sql, call) : end(connection, sql, call);
        }
    }

    private Dialect look(Connection connection) throws SQLException {
        Dialect known = dialect;
        if (known == null) {
            known = Dialect.of(connection);
            boolean ended = false;
            try {
                Schema.prepare(connection, known, part, mode);
                ended = true;
            } finally {
                if (!ended) {
                    boolean unused = rollback(connection);
                }
            }
            dialect = known;
        }
        return known;
    }

    private static <R> R transaction(Connection connection, Dialect sql, Call<R> call) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        int isolation = connection.getTransactionIsolation();
        if (!autoCommit) {
            // an isolation level cannot be set in a transaction, such as one that looking at the tables has begun
            connection.rollback();
        }
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        boolean ended = false;
        try {
            R result = call.run(connection, sql);
            connection.commit();
            ended = true;
            return result;
        } finally {
            // not after a rollback that failed: auto-commit would commit what is left
            if (ended || rollback(connection)) {
                restore(connection, autoCommit, isolation);
            }
        }
    }

    private static void restore(Connection connection, boolean autoCommit, int isolation) {
        try {
            if (autoCommit) {
                connection.setAutoCommit(true);
            }
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(isolation);
            }
        } catch (SQLException e) {
            log.debug("A connection could not be restored", e);
        }
    }

    private static <R> R end(Connection connection, Dialect sql, Call<R> call) throws SQLException {
        boolean ended = false;
        try {
            R result = call.run(connection, sql);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            ended = true;
            return result;
        } finally {
            if (!ended) {
                boolean unused = rollback(connection);
            }
        }
    }

    /** Whether that worked. */
    private static boolean rollback(Connection connection) {
        try {
            if (connection.isClosed()) {
                return false;
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            return true;
        } catch (SQLException e) {
            // what failed before says more
            log.debug("A failed transaction could not be rolled back", e);
            return false;
        }
    }
}
