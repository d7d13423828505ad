package io.anymq.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How a relay reads the outbox and says what became of the rows. */
final class RelaySql {
    private static final int MOST_STOPPED = 1_000;
    private static final int REMOVED_AT_ONCE = 100;

    private RelaySql() {}

    private static String columns(Dialect sql) {
        return "SELECT o.seq, o.order_id, o.kind, o.destination, o.ordering, o.content_type, o.envelope, o.body,"
                + " o.delay_millis, " + sql.now() + " - o.created_at,"
                + " (SELECT s.attempts FROM anymq_outbox_stopped s WHERE s.order_id = o.order_id AND s.seq = o.seq)"
                + " FROM anymq_outbox o ";
    }

    private static String isFree(Dialect sql) {
        return "NOT EXISTS (SELECT 1 FROM anymq_outbox_stopped s WHERE s.order_id = o.order_id AND s.retry_at > "
                + sql.now() + ") ";
    }

    /** The oldest rows of the lanes that {@code owner} has at present. */
    static List<RelayRow> ordered(Connection connection, Dialect sql, String owner, int most) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(columns(sql)
                + "JOIN anymq_outbox_lane l ON l.lane = o.lane WHERE l.owner = ? AND l.ends_at > " + sql.now() + " AND "
                + isFree(sql) + "ORDER BY o.seq LIMIT ?")) {
            read.setString(1, owner);
            read.setInt(2, most);
            return rows(read);
        }
    }

    /** The oldest rows without an order that no other relay is at, locked until the transaction ends. */
    static List<RelayRow> unordered(Connection connection, Dialect sql, int most) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(columns(sql) + "WHERE o.lane = " + OutboxRow.NO_LANE
                + " AND " + isFree(sql) + "ORDER BY o.seq LIMIT ? FOR UPDATE SKIP LOCKED")) {
            read.setInt(1, most);
            return rows(read);
        }
    }

    private static List<RelayRow> rows(PreparedStatement read) throws SQLException {
        List<RelayRow> rows = new ArrayList<>();
        try (ResultSet row = read.executeQuery()) {
            while (row.next()) {
                long waited = Math.max(0, row.getLong(10) / 1_000);
                rows.add(new RelayRow(
                        row.getLong(1),
                        row.getBytes(2),
                        OutboxRow.destination(row.getString(3), row.getString(4), row.getString(5)),
                        row.getString(6),
                        row.getBytes(7),
                        row.getBytes(8),
                        Math.max(0, row.getLong(9) - waited),
                        row.getInt(11)));
            }
        }
        return rows;
    }

    static void remove(Connection connection, List<RelayRow> rows) throws SQLException {
        for (int from = 0; from < rows.size(); from += REMOVED_AT_ONCE) {
            List<RelayRow> part = rows.subList(from, Math.min(rows.size(), from + REMOVED_AT_ONCE));
            try (PreparedStatement remove = connection.prepareStatement("DELETE FROM anymq_outbox WHERE seq IN ("
                    + String.join(", ", Collections.nCopies(part.size(), "?")) + ")")) {
                for (int i = 0; i < part.size(); i++) {
                    remove.setLong(i + 1, part.get(i).seq());
                }
                remove.executeUpdate();
            }
            for (RelayRow row : part) {
                if (row.attempts() > 0) {
                    start(connection, row.order());
                }
            }
        }
    }

    /** Lets the order of a row go on. */
    private static void start(Connection connection, byte[] order) throws SQLException {
        try (PreparedStatement start =
                connection.prepareStatement("DELETE FROM anymq_outbox_stopped WHERE order_id = ?")) {
            start.setBytes(1, order);
            start.executeUpdate();
        }
    }

    /** The order of a row waits for {@code pause}. */
    static void stop(Connection connection, Dialect sql, RelayRow row, String error, String detail, Duration pause)
            throws SQLException {
        int changed;
        try (PreparedStatement again = connection.prepareStatement("UPDATE anymq_outbox_stopped SET seq = ?, error = ?,"
                + " detail = ?, attempts = ?, retry_at = " + sql.now() + " + ? WHERE order_id = ?")) {
            again.setLong(1, row.seq());
            again.setString(2, error);
            again.setString(3, detail);
            again.setInt(4, row.attempts() + 1);
            again.setLong(5, Dialect.micros(pause));
            again.setBytes(6, row.order());
            changed = again.executeUpdate();
        }
        if (changed > 0) {
            return;
        }
        try (PreparedStatement first = connection.prepareStatement("INSERT INTO anymq_outbox_stopped (order_id, seq,"
                + " error, detail, attempts, since, retry_at) VALUES (?, ?, ?, ?, 1, " + sql.now() + ", " + sql.now()
                + " + ?)")) {
            first.setBytes(1, row.order());
            first.setLong(2, row.seq());
            first.setString(3, error);
            first.setString(4, detail);
            first.setLong(5, Dialect.micros(pause));
            first.executeUpdate();
        }
    }

    static List<StoppedOrder> stopped(Connection connection) throws SQLException {
        List<StoppedOrder> stopped = new ArrayList<>();
        try (PreparedStatement read = connection.prepareStatement("SELECT o.seq, o.kind, o.destination, o.ordering,"
                + " o.message_id, o.message_key, s.error, s.detail, s.attempts, s.since FROM anymq_outbox_stopped s"
                + " JOIN anymq_outbox o ON o.seq = s.seq ORDER BY s.since, o.seq LIMIT " + MOST_STOPPED)) {
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    long since = row.getLong(10);
                    stopped.add(new StoppedOrder(
                            row.getLong(1),
                            OutboxRow.destination(row.getString(2), row.getString(3), row.getString(4)),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getInt(9),
                            Instant.ofEpochSecond(since / 1_000_000, since % 1_000_000 * 1_000)));
                }
            }
        }
        return stopped;
    }

    /** Counts those whose row is there, too. */
    static int countStopped(Connection connection) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(
                        "SELECT COUNT(*) FROM anymq_outbox_stopped s JOIN anymq_outbox o ON o.seq = s.seq");
                ResultSet row = count.executeQuery()) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    /** All that are stopped are tried with the next round. */
    static int retryNow(Connection connection) throws SQLException {
        try (PreparedStatement retry =
                connection.prepareStatement("UPDATE anymq_outbox_stopped SET retry_at = 0 WHERE retry_at <> 0")) {
            return retry.executeUpdate();
        }
    }

    /** Removes a row that is stopped, and lets those behind it go on. */
    static boolean discard(Connection connection, long seq) throws SQLException {
        int stopped;
        try (PreparedStatement start = connection.prepareStatement("DELETE FROM anymq_outbox_stopped WHERE seq = ?")) {
            start.setLong(1, seq);
            stopped = start.executeUpdate();
        }
        if (stopped == 0) {
            return false;
        }
        try (PreparedStatement remove = connection.prepareStatement("DELETE FROM anymq_outbox WHERE seq = ?")) {
            remove.setLong(1, seq);
            return remove.executeUpdate() > 0;
        }
    }
}
