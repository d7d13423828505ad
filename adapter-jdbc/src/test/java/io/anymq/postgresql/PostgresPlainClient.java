package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.PlainMessage;
import io.anymq.tck.PlainPlaces;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Reads the tables and calls the functions of the schema, without the adapter's code. */
final class PostgresPlainClient implements PlainPlaces {
    private static final long PACE_NANOS = 20_000_000;
    private static final Set<String> NO_TABLES = Set.of("42P01", "3F000");

    /** A function of JSON would refuse what PostgreSQL's text cannot hold. */
    private static final String READ = "SELECT m.message_id, m.key, m.content_type, m.body,"
            + " ARRAY(SELECT h.key FROM json_each_text(replace(m.headers::text, '\\u0000', '')::json) h ORDER BY h.key),"
            + " ARRAY(SELECT coalesce(h.value, 'null') FROM json_each_text(replace(m.headers::text, '\\u0000', '')::json) h"
            + " ORDER BY h.key)"
            + " FROM mq_message m JOIN mq_source s ON s.id = m.source JOIN mq_destination d ON d.id = s.destination"
            + " WHERE d.name = ? AND s.name = ? ORDER BY m.id";

    private final String url;

    PostgresPlainClient(String address) {
        this.url = "jdbc:postgresql://" + address + "/postgres";
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("currentSchema", "anymq");
        properties.setProperty("connectTimeout", "20");
        properties.setProperty("socketTimeout", "20");
        return DriverManager.getConnection(url, properties);
    }

    /** As an operator does with psql. */
    void createTables() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                InputStream file = getClass().getResourceAsStream("/META-INF/anymq/postgresql/V1__anymq_broker.sql")) {
            statement.execute("CREATE SCHEMA anymq");
            statement.execute(new String(file.readAllBytes(), UTF_8));
        }
    }

    void execute(String sql, Object... parameters) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) throws SQLException {
        return readSubscription(queue, "", expected, bound);
    }

    @Override
    public List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound)
            throws SQLException {
        long end = System.nanoTime() + bound.toNanos();
        try (Connection connection = connect()) {
            List<PlainMessage> found = all(connection, topic, name);
            while (found.size() < expected && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(PACE_NANOS);
                found = all(connection, topic, name);
            }
            return found;
        }
    }

    private static List<PlainMessage> all(Connection connection, String destination, String source)
            throws SQLException {
        List<PlainMessage> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, destination);
            statement.setString(2, source);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Map<String, String> headers = new HashMap<>();
                    String[] names = (String[]) rows.getArray(5).getArray();
                    String[] values = (String[]) rows.getArray(6).getArray();
                    for (int i = 0; i < names.length; i++) {
                        headers.put(names[i], values[i]);
                    }
                    found.add(new PlainMessage(
                            rows.getString(1), rows.getString(2), rows.getBytes(4), rows.getString(3), headers));
                }
            }
        } catch (SQLException e) {
            if (!NO_TABLES.contains(e.getSQLState())) {
                throw e;
            }
        }
        return found;
    }

    @Override
    public void send(String queue, PlainMessage message) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT mq_send(?, ?, ?, ?, ?, CASE WHEN ? THEN NULL ELSE json_object(?, ?) END)")) {
            statement.setString(1, queue);
            statement.setBytes(2, message.body());
            statement.setString(3, message.key());
            statement.setString(4, message.id());
            statement.setString(5, message.contentType());
            List<Map.Entry<String, String>> headers =
                    List.copyOf(message.headers().entrySet());
            statement.setBoolean(6, headers.isEmpty());
            statement.setArray(
                    7,
                    connection.createArrayOf(
                            "text", headers.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(
                    8,
                    connection.createArrayOf(
                            "text", headers.stream().map(Map.Entry::getValue).toArray()));
            statement.execute();
        }
    }

    @Override
    public void publish(String topic, PlainMessage message) throws SQLException {
        send(topic, message);
    }

    @Override
    public String impossibleName() {
        return "n".repeat(256);
    }

    @Override
    public String createQueue(String word) throws SQLException {
        execute("SELECT mq_create_queue(?, 'UNORDERED')", name(word));
        return name(word);
    }

    @Override
    public String createTopic(String word) throws SQLException {
        execute("SELECT mq_create_topic(?, 'UNORDERED')", name(word));
        return name(word);
    }

    @Override
    public String createSubscription(String topic, String word) throws SQLException {
        execute("SELECT mq_create_subscription(?, ?)", topic, name(word));
        return name(word);
    }
}
