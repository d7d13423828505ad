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
    static final String COMPONENT = "idempotency";
    static final int VERSION = 1;
    static final String CURE = "run META-INF/anymq/jdbc/<database>/V1__anymq_idempotency.sql of anymq-jdbc, by Flyway,"
            + " Liquibase or hand, or set anymq.jdbc.schema=create";

    private Schema() {}

    /** Does what the mode says. */
    static void prepare(Connection connection, Dialect dialect, SchemaMode mode) throws SQLException {
        switch (mode) {
            case NONE -> {}
            case VALIDATE -> validate(connection);
            case CREATE -> {
                if (!isThere(connection)) {
                    create(connection, dialect);
                }
                validate(connection);
            }
        }
    }

    private static boolean isThere(Connection connection) throws SQLException {
        try {
            return version(connection) != null;
        } catch (SQLException e) {
            rollback(connection);
            if (JdbcFailures.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    private static @Nullable Integer version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT version FROM anymq_schema WHERE component = '" + COMPONENT + "'")) {
            return row.next() ? row.getInt(1) : null;
        }
    }

    private static void validate(Connection connection) throws SQLException {
        Integer found;
        try {
            found = version(connection);
        } catch (SQLException e) {
            rollback(connection);
            throw e;
        }
        if (found == null) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND, "the table anymq_schema does not name '" + COMPONENT + "'; " + CURE);
        }
        if (found != VERSION) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    "the tables of '" + COMPONENT + "' have version " + found + ", and this anymq-jdbc needs version "
                            + VERSION + "; "
                            + (found > VERSION
                                    ? "use the anymq-jdbc that they were made for, or a newer one"
                                    : "run the newer files of META-INF/anymq/jdbc"));
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id, scope, message_key, state, fingerprint, token, claim_id, ends_at"
                                + " FROM anymq_idempotency WHERE 1 = 0")) {
            rows.next();
        }
    }

    private static void create(Connection connection, Dialect dialect) throws SQLException {
        SQLException raced = null;
        for (String sql : statements(dialect)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                commit(connection);
            } catch (SQLException e) {
                // another process may create the same at the same time; the look afterwards tells
                rollback(connection);
                raced = e;
            }
        }
        if (raced != null && !isThere(connection)) {
            throw raced;
        }
    }

    static List<String> statements(Dialect dialect) {
        String file = "/META-INF/anymq/jdbc/" + dialect.folder() + "/V1__anymq_idempotency.sql";
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
