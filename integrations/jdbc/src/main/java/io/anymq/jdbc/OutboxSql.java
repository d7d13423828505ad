package io.anymq.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** How rows get into the outbox. */
final class OutboxSql {
    /** The first of the two numbers of an advisory lock: "AnyM" in ASCII, so that those of others are not met. */
    private static final int LOCK_CLASS = 0x416E794D;

    private static final String INTO =
            "INSERT INTO anymq_outbox (lane, order_id, kind, destination, ordering, message_id,"
                    + " message_key, content_type, envelope, body, delay_millis, created_at) ";
    /** The channel on which relays listen. */
    static final String NOTIFIED = "anymq_outbox";

    private static final String VALUES = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ";

    private OutboxSql() {}

    /** Inserts rows in this order. Those of one slot are next to each other. */
    static void insert(Connection connection, Dialect sql, List<OutboxRow> rows, boolean notify) throws SQLException {
        int from = 0;
        while (from < rows.size()) {
            boolean ordered = rows.get(from).isOrdered();
            int to = from + 1;
            while (to < rows.size() && rows.get(to).isOrdered() == ordered) {
                to++;
            }
            insert(connection, sql, rows.subList(from, to), ordered, notify && sql == Dialect.POSTGRESQL);
            from = to;
        }
    }

    private static void insert(
            Connection connection, Dialect sql, List<OutboxRow> rows, boolean ordered, boolean notify)
            throws SQLException {
        boolean locksByItself = ordered && sql == Dialect.POSTGRESQL;
        if (ordered && !locksByItself) {
            lock(connection, rows);
        }
        // PostgreSQL takes the lock before it numbers the row, since the number is part of the result of the SELECT
        String insert = INTO
                + (locksByItself || notify
                        ? "SELECT " + VALUES + sql.now() + " FROM "
                        : "VALUES (" + VALUES + sql.now() + ")")
                + (locksByItself ? "pg_advisory_xact_lock(?, ?)" : "")
                + (locksByItself && notify ? ", " : "")
                + (notify ? "pg_notify('" + NOTIFIED + "', '')" : "");
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (OutboxRow row : rows) {
                fill(statement, row);
                if (locksByItself) {
                    statement.setInt(12, LOCK_CLASS);
                    statement.setInt(13, row.slot());
                }
                if (rows.size() == 1) {
                    statement.executeUpdate();
                } else {
                    statement.addBatch();
                }
            }
            if (rows.size() > 1) {
                statement.executeBatch();
            }
        }
    }

    /** All that are needed, in ascending order, before the first row is numbered. */
    private static void lock(Connection connection, List<OutboxRow> rows) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT slot FROM anymq_outbox_lock WHERE slot = ? FOR UPDATE")) {
            int last = -1;
            for (OutboxRow row : rows) {
                if (row.slot() == last) {
                    continue;
                }
                last = row.slot();
                lock.setInt(1, last);
                try (ResultSet locked = lock.executeQuery()) {
                    if (!locked.next()) {
                        throw new SQLException(
                                "anymq_outbox_lock has no row " + last + "; run the file again", "42S02");
                    }
                }
            }
        }
    }

    private static void fill(PreparedStatement statement, OutboxRow row) throws SQLException {
        String key = row.key();
        statement.setInt(1, row.lane());
        statement.setBytes(2, row.order().digest());
        statement.setString(3, OutboxRow.kind(row.destination()));
        statement.setString(4, row.destination().name());
        statement.setString(5, OutboxRow.ordering(row.destination()));
        statement.setString(6, EntryId.readable(row.id()));
        if (key == null) {
            statement.setNull(7, Types.VARCHAR);
        } else {
            statement.setString(7, EntryId.readable(key));
        }
        statement.setString(8, row.contentType());
        statement.setBytes(9, row.envelope());
        statement.setBytes(10, row.body());
        statement.setLong(11, row.delayMillis());
    }
}
