package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.WireMessage;
import io.anymq.spi.support.VendorErrors;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores messages of one destination by one statement, in their order. Into a topic it stores one copy for each
 * subscription, and one more if the topic retains its messages. Not thread-safe: it has a turn for messages without a
 * key.
 */
final class Insert {
    private static final String INSERT = "INSERT INTO mq_message"
            + " (source, lane, due, sent_at, message_id, key, content_type, headers, body)"
            + " SELECT s.id, CASE WHEN ? AND s.name = '' THEN 0 WHEN u.wait IS NOT NULL THEN -1 ELSE u.lane END,"
            + " clock_timestamp() + u.wait * interval '1 millisecond',"
            + " u.sent_at, u.message_id, u.key, u.content_type, u.headers::json, u.body"
            + " FROM mq_source s CROSS JOIN unnest(?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY"
            + " AS u (lane, wait, sent_at, message_id, key, content_type, headers, body, n)";

    private static final String INTO_ONE = INSERT + " WHERE s.id = ? ORDER BY u.n";
    private static final String INTO_ALL = INSERT + " WHERE s.destination = ? ORDER BY s.id, u.n";

    private static final String EXISTS = "SELECT 1 FROM mq_destination WHERE id = ?";

    private final KeyLanes lanes = new KeyLanes();

    /**
     * Stores them.
     *
     * @param connection in a transaction where {@link #needsTransaction} says so
     * @throws MessagingException NOT_FOUND if the place is gone
     */
    void into(Place place, List<? extends WireMessage> messages, Connection connection) throws SQLException {
        if (place.ordering() == Ordering.TOTAL) {
            // Ids are in the order of commits, so that every consumer sees the same one.
            Schema.lock(connection, Schema.DESTINATION_LOCK, place.destination());
        } else if (place.isTopic()) {
            shareLock(connection, place.destination());
        }
        int stored = insert(place, messages, connection);
        if (stored == 0 && !(place.isTopic() && exists(connection, place.destination()))) {
            throw PostgresTranslator.gone("the queue, topic or subscription");
        }
    }

    /** Whether a lock must hold until the messages are committed. */
    static boolean needsTransaction(Place place) {
        return place.isTopic() || place.ordering() == Ordering.TOTAL;
    }

    /** Against a subscription that is created meanwhile; see {@link PostgresProvisioner}. */
    private static void shareLock(Connection connection, int destination) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_xact_lock_shared(?, ?)")) {
            statement.setInt(1, Schema.DESTINATION_LOCK);
            statement.setInt(2, destination);
            statement.execute();
        }
    }

    private int insert(Place place, List<? extends WireMessage> messages, Connection connection) throws SQLException {
        int count = messages.size();
        @Nullable Integer[] lane = new @Nullable Integer[count];
        @Nullable Long[] wait = new @Nullable Long[count];
        @Nullable Long[] sentAt = new @Nullable Long[count];
        @Nullable String[] id = new @Nullable String[count];
        @Nullable String[] key = new @Nullable String[count];
        @Nullable String[] contentType = new @Nullable String[count];
        @Nullable String[] headers = new @Nullable String[count];
        byte[][] body = new byte[count][];
        long now = System.currentTimeMillis();
        for (int i = 0; i < count; i++) {
            WireMessage message = messages.get(i);
            PostgresMessage original = message.received() instanceof PostgresMessage received ? received : null;
            id[i] = PostgresTranslator.stored(message.id());
            key[i] = original == null ? PostgresTranslator.stored(message.key()) : original.storedKey(message.key());
            lane[i] = lanes.of(key[i], place.lanes());
            contentType[i] = message.contentType().isEmpty() ? null : PostgresTranslator.stored(message.contentType());
            headers[i] = HeadersJson.write(message.headers(), original == null ? null : original.headersJson());
            sentAt[i] = message.sentAtMillis();
            long delay = message.deliverAtMillis() - now;
            // A clock of whole milliseconds may have begun the current one before the message was sent.
            wait[i] = message.deliverAtMillis() != 0 && delay > 0 ? Long.valueOf(delay + 1) : null;
            body[i] = message.body();
        }
        try (PreparedStatement statement = connection.prepareStatement(place.isTopic() ? INTO_ALL : INTO_ONE)) {
            statement.setBoolean(1, place.isTopic());
            array(statement, 2, "int4", lane);
            array(statement, 3, "int8", wait);
            array(statement, 4, "int8", sentAt);
            array(statement, 5, "text", id);
            array(statement, 6, "text", key);
            array(statement, 7, "text", contentType);
            array(statement, 8, "text", headers);
            array(statement, 9, "bytea", body);
            statement.setInt(10, place.isTopic() ? place.destination() : place.source());
            return statement.executeUpdate();
        }
    }

    static void array(PreparedStatement statement, int index, String type, @Nullable Object[] values)
            throws SQLException {
        Array array = statement.getConnection().createArrayOf(type, values);
        statement.setArray(index, array);
    }

    private static boolean exists(Connection connection, int destination) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setInt(1, destination);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Why a message cannot be stored, or null. */
    static @Nullable MessagingException problem(WireMessage message, int maxBodyBytes) {
        if (!message.storedAs().isEmpty()) {
            return VendorErrors.unknownForm("PostgreSQL", message.storedAs());
        }
        if (message.body().length > maxBodyBytes) {
            return new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "the body has " + message.body().length + " bytes, but at most " + maxBodyBytes
                            + " are allowed; raise anymq.postgresql." + PostgresConfig.MAX_BODY);
        }
        return null;
    }
}
