package io.anymq.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The statements of an inbox. */
final class InboxSql {
    private InboxSql() {}

    /**
     * Inserts a mark, after another transaction that inserts the same has ended.
     *
     * @return false if it was there
     */
    static boolean mark(
            Connection connection, Dialect sql, EntryId id, String source, String messageId, long retentionMicros)
            throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement(mark(sql))) {
            mark.setBytes(1, id.digest());
            mark.setString(2, EntryId.readable(source));
            mark.setString(3, EntryId.readable(messageId));
            mark.setLong(4, retentionMicros);
            return mark.executeUpdate() > 0;
        } catch (SQLException e) {
            if (sql == Dialect.H2 && e.getErrorCode() == 23505) {
                return false;
            }
            throw e;
        }
    }

    private static String mark(Dialect sql) {
        return (sql == Dialect.MYSQL ? "INSERT IGNORE" : "INSERT")
                + " INTO anymq_inbox (id, source, message_id, ends_at) VALUES (?, ?, ?, " + sql.now() + " + ?)"
                + (sql == Dialect.POSTGRESQL ? " ON CONFLICT (id) DO NOTHING" : "");
    }

    /** Parameter: the number of rows at most. */
    static String purge(Dialect sql) {
        return switch (sql) {
            case POSTGRESQL ->
                "DELETE FROM anymq_inbox WHERE id IN (SELECT id FROM anymq_inbox WHERE ends_at <= " + sql.now()
                        + " ORDER BY ends_at LIMIT ? FOR UPDATE SKIP LOCKED)";
            case MYSQL -> "DELETE FROM anymq_inbox WHERE ends_at <= " + sql.now() + " ORDER BY ends_at LIMIT ?";
            case H2 -> "DELETE FROM anymq_inbox WHERE ends_at <= " + sql.now() + " FETCH FIRST ? ROWS ONLY";
        };
    }
}
