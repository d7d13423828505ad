package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** The tables, from the file in the jar that migrations run as well. */
final class Schema {
    static final int VERSION = 1;

    /** The first key of the advisory locks on destinations, whose second key is the destination's id. */
    static final int DESTINATION_LOCK = 1_634_560_369;

    /** The first key of the advisory locks for single tasks. */
    static final int TASK_LOCK = DESTINATION_LOCK + 1;

    static final int CREATE_TASK = 1;
    static final int PURGE_TASK = 2;

    static final String FILE = "/META-INF/anymq/postgresql/V1__anymq_broker.sql";

    static final String CURE = "create the tables with META-INF/anymq/postgresql/V1__anymq_broker.sql of"
            + " anymq-adapter-jdbc, or by anymq.provision=create";

    private Schema() {}

    /**
     * Creates the tables if they are missing.
     *
     * @param connection in a transaction
     */
    static void create(Connection connection, String schema) throws SQLException {
        if (exists(connection, schema)) {
            check(connection, schema);
            return;
        }
        lock(connection, TASK_LOCK, CREATE_TASK);
        if (exists(connection, schema)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            if (!schemaExists(connection, schema)) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
            }
            statement.execute(ddl());
        }
        PostgresConnection.LOG.info("Created the tables of AnyMQ in the schema {}", schema);
    }

    /**
     * Refuses missing tables and those of another version.
     *
     * @throws MessagingException NOT_FOUND, MISMATCH
     */
    static void require(Connection connection, String schema) throws SQLException {
        if (!exists(connection, schema)) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND, "the tables of AnyMQ are missing in the schema " + schema + "; " + CURE);
        }
        check(connection, schema);
    }

    private static boolean exists(Connection connection, String schema) throws SQLException {
        return is(connection, "SELECT to_regclass(? || '.mq_schema') IS NOT NULL", schema);
    }

    private static boolean schemaExists(Connection connection, String schema) throws SQLException {
        return is(connection, "SELECT to_regnamespace(?) IS NOT NULL", schema);
    }

    private static boolean is(Connection connection, String question, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void check(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT max(version) FROM mq_schema")) {
            int version = row.next() ? row.getInt(1) : 0;
            if (version != VERSION) {
                throw new MessagingException(
                        ErrorCode.MISMATCH,
                        "the tables of AnyMQ in the schema " + schema + " have version " + version
                                + ", but this adapter needs version " + VERSION
                                + "; use the adapter that made them, or another schema");
            }
        }
    }

    static void lock(Connection connection, int first, int second) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_xact_lock(?, ?)")) {
            statement.setInt(1, first);
            statement.setInt(2, second);
            statement.execute();
        }
    }

    private static String ddl() {
        try (InputStream file = Objects.requireNonNull(Schema.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + FILE, e);
        }
    }
}
