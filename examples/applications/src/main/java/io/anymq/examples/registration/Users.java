package io.anymq.examples.registration;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;

/** The table of users, in an embedded SQL database. Thread-safe. */
final class Users implements AutoCloseable {
    private final JdbcConnectionPool database =
            JdbcConnectionPool.create("jdbc:h2:mem:users;DB_CLOSE_DELAY=-1", "sa", "");

    Users() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id VARCHAR PRIMARY KEY, name VARCHAR, email VARCHAR)");
        }
    }

    /** Doing it twice has the effect of doing it once, as it must be for messages that may be delivered again. */
    void create(UserRegistered user) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement merge = connection.prepareStatement("MERGE INTO users KEY (id) VALUES (?, ?, ?)")) {
            merge.setString(1, user.userId());
            merge.setString(2, user.name());
            merge.setString(3, user.email());
            merge.executeUpdate();
        }
    }

    boolean containsAll(Collection<UserRegistered> users) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM users")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return users.stream().map(UserRegistered::userId).allMatch(ids::contains);
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        }
        database.dispose();
    }
}
