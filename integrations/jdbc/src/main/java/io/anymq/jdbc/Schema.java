package io.anymq.jdbc;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for the tables, or creates them if asked to. */
final class Schema {
    static final String CURE = "run the files of anymq-jdbc in META-INF/anymq/jdbc/<database>"
            + " (V1__anymq_idempotency.sql for the idempotency store, V2__anymq_inbox.sql for an inbox,"
            + " V3__anymq_outbox.sql for an outbox), by Flyway, Liquibase or hand, or set anymq.jdbc.schema=create";

    /** What has tables, and a version, of its own. */
    enum Part {
        IDEMPOTENCY("idempotency", 1, "V1__anymq_idempotency.sql", """
                SELECT id, scope, message_key, state, fingerprint, token, claim_id, ends_at
                FROM anymq_idempotency WHERE 1 = 0"""),
        INBOX("inbox", 1, "V2__anymq_inbox.sql", """
                SELECT id, source, message_id, ends_at FROM anymq_inbox WHERE 1 = 0"""),
        OUTBOX("outbox", 1, "V3__anymq_outbox.sql", """
                SELECT o.seq, o.lane, o.order_id, o.kind, o.destination, o.ordering, o.message_id, o.message_key,
                o.content_type, o.envelope, o.body, o.delay_millis, o.created_at, l.owner, l.fence, l.ends_at, r.id,
                r.ends_at, s.order_id, s.seq, s.error, s.detail, s.attempts, s.since, s.retry_at
                FROM anymq_outbox o, anymq_outbox_lane l, anymq_outbox_relay r, anymq_outbox_stopped s WHERE 1 = 0""");

        final String component;
        final int version;
        final String file;
        final String probe;

        Part(String component, int version, String file, String probe) {
            this.component = component;
            this.version = version;
            this.file = file;
            this.probe = probe;
        }
    }

    private Schema() {}

    /** Does what the mode says. */
    static void prepare(Connection connection, Dialect dialect, Part part, SchemaMode mode) throws SQLException {
        switch (mode) {
            case NONE -> {}
            case VALIDATE -> validate(connection, part);
            case CREATE -> {
                if (!isThere(connection, part)) {
                    create(connection, dialect, part);
                }
                validate(connection, part);
            }
        }
    }

    private static boolean isThere(Connection connection, Part part) throws SQLException {
        try {
            return version(connection, part) != null;
        } catch (SQLException e) {
            rollback(connection);
            if (JdbcFailures.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    private static @Nullable Integer version(Connection connection, Part part) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT version FROM anymq_schema WHERE component = '" + part.component + "'")) {
            return row.next() ? row.getInt(1) : null;
        }
    }

    private static void validate(Connection connection, Part part) throws SQLException {
        Integer found;
        try {
            found = version(connection, part);
        } catch (SQLException e) {
            rollback(connection);
            throw e;
        }
        if (found == null) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND, "the table anymq_schema does not name '" + part.component + "'; " + CURE);
        }
        if (found != part.version) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    "the tables of '" + part.component + "' have version " + found
                            + ", and this anymq-jdbc needs version "
                            + part.version + "; "
                            + (found > part.version
                                    ? "use the anymq-jdbc that they were made for, or a newer one"
                                    : "run the newer files of META-INF/anymq/jdbc"));
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(part.probe)) {
            rows.next();
        }
    }

    private static void create(Connection connection, Dialect dialect, Part part) throws SQLException {
        SQLException raced = null;
        for (String sql : statements(dialect, part)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                commit(connection);
            } catch (SQLException e) {
                // another process may create the same at the same time; the look afterwards tells
                rollback(connection);
                raced = e;
            }
        }
        if (raced != null && !isThere(connection, part)) {
            throw raced;
        }
    }

    static List<String> statements(Dialect dialect, Part part) {
        String file = "/META-INF/anymq/jdbc/" + dialect.folder() + "/" + part.file;
        try (InputStream in = Schema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .reduce("", (all, line) -> all + line + "\n");
            List<String> statements = new ArrayList<>();
            for (String statement : text.split(";\n", -1)) {
                if (!statement.isBlank()) {
                    statements.add(statement.strip());
                }
            }
            return statements;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private static void rollback(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }
}
