package io.anymq.jdbc;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * The SQL that differs between databases. Every time is a number of microseconds since 1970 in UTC by the server's
 * clock, so that neither time zones nor the clocks of clients matter.
 */
enum Dialect {
    POSTGRESQL("postgresql", "(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000)::bigint", """
            INSERT INTO anymq_idempotency AS t (id, scope, message_key, state, fingerprint, token, claim_id, ends_at)
            VALUES (?, ?, ?, 'P', ?, %1$s, ?, %1$s + ?)
            ON CONFLICT (id) DO UPDATE SET state = 'P', fingerprint = excluded.fingerprint,
            token = GREATEST(t.token + 1, excluded.token), claim_id = excluded.claim_id, ends_at = excluded.ends_at
            WHERE t.ends_at <= %1$s
            RETURNING token""", """
            DELETE FROM anymq_idempotency WHERE id IN (SELECT id FROM anymq_idempotency
            WHERE ends_at <= %1$s AND (state IN ('D', 'X') OR ends_at <= %1$s - %2$d)
            ORDER BY ends_at LIMIT ? FOR UPDATE SKIP LOCKED)"""),
    MYSQL(
            "mysql",
            "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))",
            // assignments take effect from left to right: the end, which decides about all of them, comes last
            """
            INSERT INTO anymq_idempotency (id, scope, message_key, state, fingerprint, token, claim_id, ends_at)
            VALUES (?, ?, ?, 'P', ?, %1$s, ?, %1$s + ?)
            ON DUPLICATE KEY UPDATE
            state = IF(ends_at <= %1$s, 'P', state),
            fingerprint = IF(ends_at <= %1$s, VALUES(fingerprint), fingerprint),
            token = IF(ends_at <= %1$s, GREATEST(token + 1, VALUES(token)), token),
            claim_id = IF(ends_at <= %1$s, VALUES(claim_id), claim_id),
            ends_at = IF(ends_at <= %1$s, VALUES(ends_at), ends_at)""",
            """
            DELETE FROM anymq_idempotency
            WHERE ends_at <= %1$s AND (state IN ('D', 'X') OR ends_at <= %1$s - %2$d)
            ORDER BY ends_at LIMIT ?"""),
    H2("h2", "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) * 1000000 AS BIGINT)", """
            MERGE INTO anymq_idempotency t USING (VALUES (CAST(? AS BINARY(32)), CAST(? AS VARCHAR(256)),
            CAST(? AS VARCHAR(256)), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT)))
            s(id, scope, message_key, fingerprint, claim_id, lease) ON t.id = s.id
            WHEN MATCHED AND t.ends_at <= %1$s THEN UPDATE SET state = 'P',
            fingerprint = s.fingerprint, token = GREATEST(t.token + 1, %1$s), claim_id = s.claim_id,
            ends_at = %1$s + s.lease
            WHEN NOT MATCHED THEN INSERT (id, scope, message_key, state, fingerprint, token, claim_id, ends_at)
            VALUES (s.id, s.scope, s.message_key, 'P', s.fingerprint, %1$s, s.claim_id, %1$s + s.lease)""", """
            DELETE FROM anymq_idempotency
            WHERE ends_at <= %1$s AND (state IN ('D', 'X') OR ends_at <= %1$s - %2$d)
            FETCH FIRST ? ROWS ONLY""");

    /** How long a claim is kept beyond its end, so that its late holder is still known. */
    private static final long GRACE_MICROS = 3_600_000_000L;

    /** How far back a claim ends that is given up: a clock that is set back a little must not revive it. */
    static final long GIVEN_UP_MICROS = -60_000_000L;

    private static final long LONGEST_MICROS = Duration.ofDays(36_500).toMillis() * 1_000;

    private final String folder;
    private final String now;
    private final String claim;
    private final String look;
    private final String change;
    private final String forget;
    private final String purge;

    Dialect(String folder, String now, String claim, String purge) {
        this.folder = folder;
        this.now = now;
        this.claim = String.format(Locale.ROOT, claim, now);
        this.look =
                "SELECT state, fingerprint, token, claim_id, ends_at - " + now + " FROM anymq_idempotency WHERE id = ?";
        // the same change by the same holder is accepted again, because the first answer may have been lost
        this.change = "UPDATE anymq_idempotency SET state = ?, ends_at = " + now
                + " + ? WHERE id = ? AND token = ? AND state IN ('P', ?)";
        this.forget =
                "UPDATE anymq_idempotency SET state = 'R', token = token + 1, ends_at = " + now + " + ? WHERE id = ?";
        this.purge = String.format(Locale.ROOT, purge, now, GRACE_MICROS);
    }

    /** Looks at what the driver says. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "MySQL", "MariaDB" -> MYSQL;
            case "H2" -> H2;
            default ->
                throw new MessagingException(
                        ErrorCode.UNSUPPORTED,
                        "the database is " + product
                                + ", which anymq-jdbc does not support; use PostgreSQL, MariaDB, MySQL or H2");
        };
    }

    /** Below {@code META-INF/anymq/jdbc}. */
    String folder() {
        return folder;
    }

    /** The expression for the server's time in microseconds. */
    String now() {
        return now;
    }

    static long micros(Duration duration) {
        if (duration.compareTo(Duration.ofDays(36_500)) >= 0) {
            return LONGEST_MICROS;
        }
        return Math.max(1, duration.toNanos() / 1_000);
    }

    /** Parameters: id, scope, key, fingerprint, claim id, lease in microseconds. */
    String claim() {
        return claim;
    }

    /** Whether the statement that claims returns the token, as a row that is there only if it was granted. */
    boolean claimReturnsToken() {
        return this == POSTGRESQL;
    }

    /** Parameter: id. Columns: state, fingerprint, token, claim id, microseconds left. */
    String look() {
        return look;
    }

    /** Parameters: the new state, how long it lasts in microseconds, id, token, the new state. */
    String change() {
        return change;
    }

    /** Parameters: {@link #GIVEN_UP_MICROS}, id. */
    String forget() {
        return forget;
    }

    /** Parameter: the number of rows at most. */
    String purge() {
        return purge;
    }
}
