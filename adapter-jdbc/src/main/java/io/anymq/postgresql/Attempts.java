package io.anymq.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the number of attempts in the rows. An update for each message would cost as much as the message itself, so it is
 * written for those alone whose handler takes long, and for those that may have killed a consumer, before they are handed
 * out. {@link #announced} is for any thread, the rest for the receiver's.
 */
final class Attempts {
    private static final long LONG_NANOS = Duration.ofMillis(100).toNanos();

    /** A process that dies leaves the server's commit alone, so the disk need not be waited for. */
    private static final String WRITE = "UPDATE mq_message m SET attempts = u.attempts"
            + " FROM unnest(?, ?, ?) AS u (lane, id, attempts),"
            + " (SELECT set_config('synchronous_commit', 'off', true)) AS c"
            + " WHERE m.source = ? AND m.lane = u.lane AND m.id = u.id"
            + " AND EXISTS (SELECT 1 FROM mq_receiver r WHERE r.id = ?)";

    private final int source;
    private final long receiver;
    private final ConcurrentLinkedQueue<PostgresMessage> running = new ConcurrentLinkedQueue<>();

    Attempts(int source, long receiver) {
        this.source = source;
        this.receiver = receiver;
    }

    /** An attempt at this message begins or is taken back. */
    void announced(PostgresMessage message) {
        running.add(message);
    }

    /** The messages whose attempts have been running for long and are not in their rows. */
    List<PostgresMessage> due() {
        List<PostgresMessage> due = List.of();
        long now = System.nanoTime();
        for (PostgresMessage next = running.peek(); next != null; next = running.peek()) {
            if (now - next.begunAtNanos() < LONG_NANOS) {
                return due;
            }
            running.remove();
            if (isOut(next) && next.begun() != next.stored) {
                due = due.isEmpty() ? new ArrayList<>() : due;
                due.add(next);
            }
        }
        return due;
    }

    private static boolean isOut(PostgresMessage message) {
        return message.owner().owned
                && message.owner().inFlight().containsKey(message.row().id());
    }

    /** Those whose rows say something else than what is true. */
    static List<PostgresMessage> wrong(Collection<PostgresMessage> messages) {
        return messages.stream()
                .filter(message -> message.begun() != message.stored)
                .toList();
    }

    /** Writes what is true. */
    void write(Connection connection, Collection<PostgresMessage> messages) throws SQLException {
        write(connection, messages, 0);
    }

    /** Writes one attempt more than has begun, for messages that are about to be handed out. */
    void writeNext(Connection connection, Collection<PostgresMessage> messages) throws SQLException {
        write(connection, messages, 1);
    }

    private void write(Connection connection, Collection<PostgresMessage> messages, int more) throws SQLException {
        if (messages.isEmpty()) {
            return;
        }
        @Nullable Integer[] lanes = new @Nullable Integer[messages.size()];
        @Nullable Long[] ids = new @Nullable Long[messages.size()];
        @Nullable Integer[] attempts = new @Nullable Integer[messages.size()];
        int i = 0;
        for (PostgresMessage message : messages) {
            lanes[i] = message.row().lane();
            ids[i] = message.row().id();
            attempts[i] = Math.max(0, message.begun() + more);
            i++;
        }
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            Insert.array(statement, 1, "int4", lanes);
            Insert.array(statement, 2, "int8", ids);
            Insert.array(statement, 3, "int4", attempts);
            statement.setInt(4, source);
            statement.setLong(5, receiver);
            statement.executeUpdate();
        }
        i = 0;
        for (PostgresMessage message : messages) {
            Integer written = attempts[i++];
            message.stored = written == null ? message.stored : written;
        }
    }
}
