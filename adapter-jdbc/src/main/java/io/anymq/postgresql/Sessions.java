package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.HostPort;
import io.anymq.spi.support.TlsRefusal;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.Driver;

/** Opens connections to the first server that answers and is no standby. Thread-safe. */
final class Sessions {
    private static final int LEAST_VERSION = 130_000;
    private static final String SILENT = "does not answer as PostgreSQL does; check that this is its port";

    private static final String LOOK = "SELECT pg_is_in_recovery(), current_setting('server_encoding'),"
            + " current_setting('server_version_num')::integer, current_setting('server_version')";

    /** A connection that is being opened cannot be aborted, so none takes longer. */
    private static final Duration STEP = Duration.ofSeconds(3);

    private final PostgresConfig config;
    private volatile boolean closed;
    private final Driver driver = new Driver();

    Sessions(PostgresConfig config) {
        this.config = config;
    }

    /**
     * A new connection that commits each statement.
     *
     * @throws MessagingException UNAVAILABLE, TIMEOUT, AUTHENTICATION, AUTHORIZATION, NOT_FOUND, UNSUPPORTED
     */
    Connection open(Deadline deadline) {
        while (true) {
            Duration left = deadline.left();
            try {
                return HostPort.connect(config.addresses(), left.compareTo(STEP) < 0 ? left : STEP, this::open);
            } catch (MessagingException e) {
                boolean again = e.code() == ErrorCode.TIMEOUT && left.compareTo(STEP) > 0 && !closed;
                if (!again) {
                    throw e;
                }
            }
        }
    }

    /** Tries no longer from now on. */
    void close() {
        closed = true;
    }

    private Connection open(String address, Deadline deadline) {
        String action = "connecting to " + address;
        String url = "jdbc:postgresql://" + address + "/" + encoded(config.database());
        Connection opened = null;
        boolean fit = false;
        try {
            opened = driver.connect(url, config.driver(deadline.left()));
            if (opened == null) {
                throw new MessagingException(ErrorCode.INTERNAL, "PostgreSQL's driver does not take " + url);
            }
            opened.setNetworkTimeout(Runnable::run, deadline.millisLeft());
            look(opened, address);
            fit = true;
            return opened;
        } catch (SQLException e) {
            throw error(action, address, e, deadline);
        } finally {
            if (!fit && opened != null) {
                discard(opened);
            }
        }
    }

    private static String encoded(String database) {
        return URLEncoder.encode(database, UTF_8).replace("+", "%20");
    }

    private static void look(Connection opened, String address) throws SQLException {
        try (Statement statement = opened.createStatement();
                ResultSet row = statement.executeQuery(LOOK)) {
            row.next();
            if (row.getInt(3) < LEAST_VERSION) {
                throw new MessagingException(
                        ErrorCode.UNSUPPORTED,
                        "the server at " + address + " is PostgreSQL " + row.getString(4)
                                + ", but AnyMQ needs version 13 or newer");
            }
            if (!"UTF8".equals(row.getString(2))) {
                throw new MessagingException(
                        ErrorCode.UNSUPPORTED,
                        "the database at " + address + " has the encoding " + row.getString(2)
                                + ", but AnyMQ needs UTF8; create one with ENCODING 'UTF8'");
            }
            if (row.getBoolean(1)) {
                throw new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        "the server at " + address + " is a standby; name the primary in anymq.url",
                        true,
                        null);
            }
        }
    }

    private static MessagingException error(String action, String address, SQLException e, Deadline deadline) {
        var tls = TlsRefusal.of(action, "anymq.postgresql.driver.ssl…, in place of anymq.postgresql.", e);
        if (tls.isPresent()) {
            return tls.get();
        }
        String state = String.valueOf(e.getSQLState());
        boolean network = state.startsWith("08") || VendorErrors.isCausedBy(e, IOException.class);
        if (!network) {
            return PostgresTranslator.error(action, e);
        }
        boolean silent = VendorErrors.isCausedBy(e, SocketTimeoutException.class);
        String found = VendorErrors.isCausedBy(e, UnknownHostException.class)
                ? "the host of " + address + " cannot be resolved; check its name"
                : HostPort.diagnose(address, SILENT, deadline);
        return VendorErrors.error(action, silent ? ErrorCode.TIMEOUT : ErrorCode.UNAVAILABLE, found, "", e);
    }

    /** Closes a connection without a word to the server. */
    static void discard(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            PostgresConnection.LOG.debug("Could not abort a connection; it is closed when the server closes it", e);
        }
    }
}
