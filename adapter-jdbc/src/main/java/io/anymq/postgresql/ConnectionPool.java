package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A few connections that many share, opened when they are needed. After a failure of one all idle ones are closed,
 * because they have usually failed as well. Thread-safe.
 */
final class ConnectionPool {
    /** A server that has been asked for nothing may have forgotten the connection. */
    private static final long STALE_NANOS = Duration.ofSeconds(30).toNanos();

    private static final int LEAST_MILLIS = 10;

    private final Sessions sessions;
    private final Duration answerTimeout;
    private final String purpose;
    private final Semaphore permits;
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    private final Set<Connection> open = new HashSet<>();
    private boolean closed;

    private record Idle(Connection connection, long since) {}

    /** Something to do with a connection. */
    interface Work<T> {
        /** Does it. */
        T on(Connection connection) throws SQLException;
    }

    ConnectionPool(Sessions sessions, Duration answerTimeout, String purpose, int most) {
        this.sessions = sessions;
        this.answerTimeout = answerTimeout;
        this.purpose = purpose;
        this.permits = new Semaphore(most, true);
    }

    /** Takes a connection that was opened already. */
    void adopt(Connection opened) {
        synchronized (idle) {
            open.add(opened);
            idle.add(new Idle(opened, System.nanoTime()));
        }
    }

    /**
     * Works with a connection that commits each statement.
     *
     * @throws MessagingException if there is none by the deadline, so that {@code work} was not begun
     * @throws SQLException of {@code work}
     */
    <T> T use(Deadline deadline, Work<T> work) throws SQLException {
        Connection connection = borrow(deadline);
        boolean keep = false;
        try {
            connection.setNetworkTimeout(Runnable::run, bound(deadline));
            T result = work.on(connection);
            keep = true;
            return result;
        } catch (SQLException e) {
            keep = !PostgresTranslator.isBroken(e);
            throw e;
        } catch (MessagingException e) {
            keep = true;
            throw e;
        } finally {
            giveBack(connection, keep);
        }
    }

    /** Like {@link #use}, in one transaction, which is rolled back if {@code work} throws. */
    <T> T inTransaction(Deadline deadline, Work<T> work) throws SQLException {
        return use(deadline, connection -> {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.on(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done && !connection.isClosed()) {
                    rollback(connection);
                }
            }
        });
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            Sessions.discard(connection);
        }
    }

    private int bound(Deadline deadline) {
        return (int) Math.max(LEAST_MILLIS, Math.min(answerTimeout.toMillis(), deadline.millisLeft()));
    }

    private Connection borrow(Deadline deadline) {
        boolean permitted = false;
        try {
            permitted = permits.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(ErrorCode.CLOSED, "interrupted while waiting for a connection", true, e);
        }
        if (!permitted) {
            throw new MessagingException(
                    ErrorCode.TIMEOUT,
                    "no connection for " + purpose + " was free in time; check whether the server answers, or raise"
                            + " anymq.postgresql." + PostgresConfig.SEND_CONNECTIONS + " or "
                            + PostgresConfig.RECEIVE_CONNECTIONS,
                    true,
                    null);
        }
        @Nullable Connection connection = null;
        try {
            connection = idle();
            if (connection == null) {
                connection = sessions.open(deadline);
                added(connection);
            }
            return connection;
        } finally {
            if (connection == null) {
                permits.release();
            }
        }
    }

    private @Nullable Connection idle() {
        synchronized (idle) {
            requireOpen();
            for (Idle next = idle.pollLast(); next != null; next = idle.pollLast()) {
                if (System.nanoTime() - next.since < STALE_NANOS) {
                    return next.connection;
                }
                open.remove(next.connection);
                Sessions.discard(next.connection);
            }
            return null;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection to PostgreSQL is closed");
        }
    }

    private void added(Connection connection) {
        synchronized (idle) {
            if (!closed) {
                open.add(connection);
                return;
            }
        }
        Sessions.discard(connection);
        throw new MessagingException(ErrorCode.CLOSED, "the connection to PostgreSQL is closed");
    }

    private void giveBack(Connection connection, boolean keep) {
        boolean usable = keep && reset(connection);
        try {
            synchronized (idle) {
                if (usable && !closed) {
                    idle.add(new Idle(connection, System.nanoTime()));
                    return;
                }
                open.remove(connection);
                Sessions.discard(connection);
                if (!keep) {
                    idle.forEach(other -> {
                        open.remove(other.connection);
                        Sessions.discard(other.connection);
                    });
                    idle.clear();
                }
            }
        } finally {
            permits.release();
        }
    }

    private static boolean reset(Connection connection) {
        try {
            if (connection.isClosed()) {
                return false;
            }
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Closes all connections at once, those at work too: their calls fail. */
    void close() {
        synchronized (idle) {
            closed = true;
            idle.clear();
            open.forEach(Sessions::discard);
            open.clear();
        }
    }
}
