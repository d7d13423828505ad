package io.anymq.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.anymq.tck.net.TcpProxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** A database server for tests, reached through a proxy, and pools of its connections. */
abstract class TestDatabase {
    private final TcpProxy proxy;
    private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

    TestDatabase() throws Exception {
        proxy = TcpProxy.open();
    }

    abstract String name();

    /** The URL by this {@code host:port}. */
    abstract String url(String address);

    abstract String user();

    abstract String password();

    /** Where the server listens, as {@code host:port}. */
    abstract String address();

    /** Ends the server as by a crash. Its content survives. */
    abstract void stopServer() throws Exception;

    abstract void startServer() throws Exception;

    /** Makes the database unreachable, in the hardest way that it has. */
    void takeDown() throws Exception {
        stopServer();
    }

    /** The reverse of {@link #takeDown}. */
    void bringBack() throws Exception {
        startServer();
        connect();
    }

    final TcpProxy proxy() {
        return proxy;
    }

    final void start() throws Exception {
        startServer();
        connect();
    }

    /** Lets connections through. */
    final void connect() {
        proxy.restore();
        proxy.forwardTo(address());
    }

    /** Cuts all connections, and refuses new ones. */
    final void disconnect() {
        // port 1 has no server
        proxy.forwardTo("127.0.0.1:1");
        proxy.reset();
    }

    HikariConfig config() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(proxy.address()));
        config.setUsername(user());
        config.setPassword(password());
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(10_000);
        config.setValidationTimeout(250);
        return config;
    }

    /** A pool that is closed with the database. */
    final HikariDataSource pool(HikariConfig config) {
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    /** A pool that gives up soon, for a database that is known not to answer. */
    final HikariDataSource impatientPool() {
        HikariConfig config = config();
        config.setConnectionTimeout(250);
        return pool(config);
    }

    final HikariDataSource pool() {
        return pool(config());
    }

    /** Runs statements past the proxy. */
    final void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(address()), user(), password());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    final long count(String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(address()), user(), password());
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Removes the tables. */
    final void clear() throws SQLException {
        execute(
                "DROP VIEW IF EXISTS anymq_outbox_events",
                "DROP TABLE IF EXISTS anymq_outbox",
                "DROP TABLE IF EXISTS anymq_outbox_lane",
                "DROP TABLE IF EXISTS anymq_outbox_relay",
                "DROP TABLE IF EXISTS anymq_outbox_stopped",
                "DROP TABLE IF EXISTS anymq_outbox_lock",
                "DROP TABLE IF EXISTS anymq_inbox",
                "DROP TABLE IF EXISTS anymq_idempotency",
                "DROP TABLE IF EXISTS anymq_schema");
    }

    /** A store on a pool with the tables there. */
    final JdbcIdempotencyStore store(DataSource dataSource) {
        return JdbcIdempotencyStore.builder(dataSource)
                .schema(SchemaMode.CREATE)
                .build();
    }

    final void closePools() {
        pools.forEach(HikariDataSource::close);
        pools.clear();
    }

    final void close() throws Exception {
        closePools();
        stopServer();
        proxy.close();
    }
}
