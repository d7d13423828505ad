package io.anymq.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Moves messages of one source that have become due, by the server's clock, to the end of their lane. Every receiver of
 * the source does so, and each message is moved by one of them. Used by the receiver's thread.
 */
final class DelayedMessages {
    private static final int AT_ONCE = 1_000;
    private static final long NEVER = Long.MAX_VALUE;

    private static final String MOVE = "UPDATE mq_message m SET due = NULL, id = DEFAULT, tx = pg_current_xact_id(),"
            + " lane = CASE WHEN d.lanes = 1 THEN 0 WHEN m.key IS NULL THEN (m.id % d.lanes)::integer"
            + " ELSE mq_lane_of(m.key, d.lanes) END"
            + " FROM (SELECT w.id, ?::integer AS lanes FROM mq_message w WHERE w.source = ? AND w.lane = -1"
            + " AND w.due <= clock_timestamp() ORDER BY w.due LIMIT ? FOR UPDATE SKIP LOCKED) AS d"
            + " WHERE m.source = ? AND m.lane = -1 AND m.id = d.id";

    private static final String NEXT = "SELECT ceil(extract(epoch FROM min(due) - clock_timestamp()) * 1000)::bigint"
            + " FROM mq_message WHERE source = ? AND lane = -1";

    private final Place place;
    private boolean look = true;
    private long dueNanos;
    private boolean none = true;

    DelayedMessages(Place place) {
        this.place = place;
    }

    /** There may be new ones. */
    void lookAgain() {
        look = true;
    }

    boolean isDue() {
        return look || (!none && System.nanoTime() - dueNanos >= 0);
    }

    long nanosUntilDue(long now) {
        return none ? NEVER : dueNanos - now;
    }

    /** Moves what is due; whether there was something. */
    boolean move(Connection connection) throws SQLException {
        look = false;
        int moved = 0;
        long millis = millisUntilNext(connection);
        if (!none && millis <= 0) {
            try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
                statement.setInt(1, place.lanes());
                statement.setInt(2, place.source());
                statement.setInt(3, AT_ONCE);
                statement.setInt(4, place.source());
                moved = statement.executeUpdate();
            }
            millis = millisUntilNext(connection);
        }
        dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
        return moved > 0;
    }

    private long millisUntilNext(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, place.source());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long millis = row.getLong(1);
                none = row.wasNull();
                return millis;
            }
        }
    }
}
