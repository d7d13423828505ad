package io.anymq.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bounds how long a connection waits for the database's answer, where its driver can. */
final class NetworkTimeout implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NetworkTimeout.class);

    private final Connection connection;
    private final int before;

    private NetworkTimeout(Connection connection, int before) {
        this.connection = connection;
        this.before = before;
    }

    /** Holds until it is closed; a shorter one that is set already is kept. */
    static NetworkTimeout set(Connection connection, int millis) {
        try {
            int before = connection.getNetworkTimeout();
            if (before == 0 || before > millis) {
                connection.setNetworkTimeout(Runnable::run, millis);
                return new NetworkTimeout(connection, before);
            }
        } catch (SQLException | AbstractMethodError unsupported) {
            log.debug("The driver sets no network time-out", unsupported);
        }
        return new NetworkTimeout(connection, -1);
    }

    @Override
    public void close() {
        if (before < 0) {
            return;
        }
        try {
            connection.setNetworkTimeout(Runnable::run, before);
        } catch (SQLException e) {
            log.debug("The network time-out of a connection could not be restored", e);
        }
    }
}
