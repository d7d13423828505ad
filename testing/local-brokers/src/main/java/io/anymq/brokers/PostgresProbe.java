package io.anymq.brokers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/** Asks a PostgreSQL server whether it serves clients. */
final class PostgresProbe {
    private static final int ATTEMPT_MILLIS = 2_000;

    private PostgresProbe() {}

    /** The server's version; "unknown" if it refuses the user {@code postgres}; empty if it does not answer. */
    static Optional<String> version(String address) {
        if (!TcpProbe.accepts(address, ATTEMPT_MILLIS)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", "postgres");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "2");
        properties.setProperty("sslResponseTimeout", Integer.toString(ATTEMPT_MILLIS));
        try (Connection connection = new Driver().connect("jdbc:postgresql://" + address + "/postgres", properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version")) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState()).startsWith("28") ? Optional.of("unknown") : Optional.empty();
        }
    }

    static String awaitAnswer(String bootstrap, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        do {
            for (String address : bootstrap.split(",", -1)) {
                Optional<String> version = version(address);
                if (version.isPresent()) {
                    return version.get();
                }
            }
            Pause.between();
        } while (System.nanoTime() < deadline);
        throw new LocalBrokerException("no PostgreSQL server answered at " + bootstrap + " within "
                + timeout.toSeconds() + " s; check that it runs and that this is its port");
    }
}
