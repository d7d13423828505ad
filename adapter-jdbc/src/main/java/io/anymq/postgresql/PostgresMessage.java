package io.anymq.postgresql;

import io.anymq.spi.Lane;
import io.anymq.spi.support.LazyMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of {@code mq_message} that a receiver has taken. */
final class PostgresMessage extends LazyMessage {
    /** What {@link #read} expects of a query that calls the table {@code m}, from its first column on. */
    static final String COLUMNS =
            "m.lane, m.id, m.tx::text, m.attempts, m.sent_at, m.message_id, m.key, m.content_type,"
                    + " m.headers::text, m.body";

    private final PostgresLane owner;
    private final MessageRowId row;
    private final long tx;
    private final Attempts attempts;
    private final int deliveryCount;
    private final long sentAt;
    private final @Nullable String id;
    private final @Nullable String key;
    private final @Nullable String contentType;
    private final @Nullable String headers;
    private final byte[] body;

    /** How many attempts the row says have begun; used by the receiver's thread alone. */
    int stored;

    /** How many have begun. */
    private volatile int begun;

    private volatile long begunAtNanos;

    private PostgresMessage(PostgresLane owner, Attempts attempts, int source, ResultSet rows, int first)
            throws SQLException {
        this.owner = owner;
        this.attempts = attempts;
        this.row = new MessageRowId(source, rows.getInt(first), rows.getLong(first + 1));
        this.tx = Long.parseLong(rows.getString(first + 2));
        this.stored = rows.getInt(first + 3);
        this.begun = stored;
        this.deliveryCount = stored + 1;
        this.sentAt = rows.getLong(first + 4);
        this.id = rows.getString(first + 5);
        this.key = rows.getString(first + 6);
        this.contentType = rows.getString(first + 7);
        this.headers = rows.getString(first + 8);
        this.body = rows.getBytes(first + 9);
    }

    /** The message in the present row. */
    static PostgresMessage read(PostgresLane owner, Attempts attempts, int source, ResultSet rows, int first)
            throws SQLException {
        return new PostgresMessage(owner, attempts, source, rows, first);
    }

    PostgresLane owner() {
        return owner;
    }

    MessageRowId row() {
        return row;
    }

    /** The transaction that has stored it. */
    long tx() {
        return tx;
    }

    /** The key as it is stored, if it is the same; other programs may have written it in another way. */
    @Nullable
    String storedKey(@Nullable String wanted) {
        return Objects.equals(wanted, key()) ? key : PostgresTranslator.stored(wanted);
    }

    /** The headers as they are stored. */
    @Nullable
    String headersJson() {
        return headers;
    }

    int begun() {
        return begun;
    }

    long begunAtNanos() {
        return begunAtNanos;
    }

    @Override
    public void attempts(int total) {
        begunAtNanos = System.nanoTime();
        begun = total;
        attempts.announced(this);
    }

    @Override
    protected void decode() {
        id(PostgresTranslator.read(id));
        key(PostgresTranslator.read(key));
        contentType(PostgresTranslator.read(contentType));
        sentAt(sentAt);
        HeadersJson.read(headers, this::otherHeader);
    }

    @Override
    protected String derivedId() {
        return row.source() + "@" + row.id();
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public int size() {
        return body.length + (headers == null ? 0 : headers.length());
    }

    @Override
    public int deliveryCount() {
        return deliveryCount;
    }

    @Override
    public Lane lane() {
        return owner.lane();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(row) ? Optional.of(type.cast(row)) : Optional.empty();
    }
}
