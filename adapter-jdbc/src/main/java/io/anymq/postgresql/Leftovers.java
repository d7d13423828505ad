package io.anymq.postgresql;

import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Gives up what closed receivers had taken, and writes how many attempts have begun. Where the server cannot be reached
 * that is done once it can: an attempt that a lost connection has taken back must not count, and the next receiver must
 * not wait for a lease. Thread-safe.
 */
final class Leftovers {
    private static final Duration BOUND = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private static final String LOCK = "SELECT id FROM mq_receiver WHERE id = ? FOR UPDATE";
    private static final String LEAVE = "DELETE FROM mq_receiver WHERE id = ?";

    private final ConnectionPool connections;
    private final Wakes wakes;
    private final ConcurrentLinkedQueue<Leaving> waiting = new ConcurrentLinkedQueue<>();

    /**
     * A receiver that is closed.
     *
     * @param wrong messages whose rows do not say how many attempts have begun
     */
    record Leaving(Place place, long receiver, Attempts attempts, List<PostgresMessage> wrong, Supply supply) {}

    Leftovers(ConnectionPool connections, Wakes wakes) {
        this.connections = connections;
        this.wakes = wakes;
    }

    /** At once if the server can be reached by the deadline, or later. */
    void leave(Leaving leaving, Deadline deadline) {
        if (!tryToLeave(leaving, deadline)) {
            waiting.add(leaving);
            again();
        }
    }

    private void again() {
        try {
            var unused = wakes.worker().schedule(this::release, AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            PostgresConnection.LOG.debug("A receiver is given up when its lease has run out", closing);
        }
    }

    /** Gives up what waits, if the server can be reached. */
    void release() {
        for (Leaving next = waiting.poll(); next != null; next = waiting.poll()) {
            if (!tryToLeave(next, Deadline.after(BOUND))) {
                waiting.add(next);
                again();
                return;
            }
        }
    }

    private boolean tryToLeave(Leaving leaving, Deadline deadline) {
        try {
            boolean unused = connections.inTransaction(deadline, connection -> leave(connection, leaving));
            wakes.membersChanged(leaving.place.destination());
            return true;
        } catch (Throwable e) {
            // It would not be tried again.
            PostgresConnection.LOG.debug("Receiver {} could not be given up yet", leaving.receiver, e);
            return false;
        }
    }

    private static boolean leave(Connection connection, Leaving leaving) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setLong(1, leaving.receiver);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    // others have taken all of it
                    return false;
                }
            }
        }
        leaving.attempts.write(connection, leaving.wrong);
        leaving.supply.release(connection);
        try (PreparedStatement statement = connection.prepareStatement(LEAVE)) {
            statement.setLong(1, leaving.receiver);
            statement.executeUpdate();
        }
        return true;
    }
}
