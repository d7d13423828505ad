package io.anymq.postgresql;

import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Deletes what topics have retained for long enough; of all clients one at a time. Thread-safe. */
final class Retention {
    private static final Duration PACE = Duration.ofSeconds(30);
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final int AT_ONCE = 1_000;

    private static final String MINE =
            "SELECT to_regclass('mq_message') IS NOT NULL AND pg_try_advisory_xact_lock(?, ?)";

    private static final String PURGE = "DELETE FROM mq_message m USING"
            + " (SELECT s.id AS source, x.id FROM mq_destination d JOIN mq_source s ON s.destination = d.id AND s.name = ''"
            + " CROSS JOIN LATERAL (SELECT o.id FROM mq_message o WHERE o.source = s.id AND o.lane = 0"
            + " AND o.stored < clock_timestamp() - d.retention ORDER BY o.id LIMIT ?) AS x"
            + " WHERE d.kind = 'topic' AND d.retention > interval '0') AS old"
            + " WHERE m.source = old.source AND m.lane = 0 AND m.id = old.id";

    private final ConnectionPool connections;

    Retention(ConnectionPool connections) {
        this.connections = connections;
    }

    void start(Wakes wakes) {
        var unused = wakes.worker()
                .scheduleWithFixedDelay(this::purge, PACE.toMillis(), PACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void purge() {
        try {
            for (int deleted = AT_ONCE; deleted >= AT_ONCE; ) {
                deleted = connections.inTransaction(Deadline.after(BOUND), Retention::purgeSome);
            }
        } catch (Throwable e) {
            // It would end the timer.
            PostgresConnection.LOG.debug("Could not delete retained messages that are old; trying again later", e);
        }
    }

    private static int purgeSome(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MINE)) {
            statement.setInt(1, Schema.TASK_LOCK);
            statement.setInt(2, Schema.PURGE_TASK);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    return 0;
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
            statement.setInt(1, AT_ONCE);
            return statement.executeUpdate();
        }
    }
}
