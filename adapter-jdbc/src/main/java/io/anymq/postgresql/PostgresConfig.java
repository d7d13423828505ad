package io.anymq.postgresql;

import io.anymq.Escape;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;

/**
 * The options under {@code anymq.postgresql.}, their defaults, and the driver's properties that follow from them.
 * Immutable.
 *
 * <pre>{@code
 * anymq.url=postgresql://app:secret@localhost:5432/app
 * anymq.postgresql.schema=messaging
 * anymq.postgresql.driver.sslmode=verify-full
 * }</pre>
 */
final class PostgresConfig {
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String SCHEMA = "schema";
    static final String LANES = "lanes";
    static final String RETENTION = "retention";
    static final String MAX_BODY = "max-body";
    static final String BATCH = "batch";
    static final String SEND_CONNECTIONS = "send-connections";
    static final String RECEIVE_CONNECTIONS = "receive-connections";
    static final String POLL_INTERVAL = "poll-interval";
    static final String LEASE = "lease";
    static final String ANSWER_TIMEOUT = "answer-timeout";
    static final String DRIVER = "driver.";

    /** Of the driver's properties, those that the adapter depends on. */
    private static final Set<String> OWN = Set.of(
            "autosave",
            "currentSchema",
            "options",
            "password",
            "PGDBNAME",
            "PGHOST",
            "PGPORT",
            "preferQueryMode",
            "readOnly",
            "replication",
            "socketTimeout",
            "user");

    private final ConnectionContext context;
    private final ConfigValues config;

    PostgresConfig(ConnectionContext context) {
        this.context = context;
        this.config = context.config();
    }

    /** All options, with their bounds. */
    static List<ConfigOption> options() {
        return List.of(
                ConfigOption.text(USER, null, "the user name, unless the URL contains it"),
                ConfigOption.secret(PASSWORD, "the user's password, unless the URL contains it"),
                ConfigOption.text(SCHEMA, "anymq", "the schema of the tables"),
                ConfigOption.number(
                        LANES,
                        32,
                        1,
                        1_024,
                        "lanes of a new queue or topic with per-key order, shared by its consumers"),
                ConfigOption.duration(
                        RETENTION,
                        "0s",
                        0,
                        Duration.ofDays(365).toMillis(),
                        "how long a new topic keeps messages for subscriptions that start at EARLIEST; 0 for not at all"),
                ConfigOption.size(MAX_BODY, "4MiB", 1 << 20, 256 << 20, "maximum size of a body"),
                ConfigOption.number(BATCH, 500, 1, 5_000, "maximum number of messages in one insert"),
                ConfigOption.number(SEND_CONNECTIONS, 2, 1, 16, "maximum number of connections for sending"),
                ConfigOption.number(RECEIVE_CONNECTIONS, 2, 1, 16, "maximum number of connections for receiving"),
                ConfigOption.duration(
                        POLL_INTERVAL,
                        "1s",
                        10,
                        60_000,
                        "how often an idle receiver looks for messages that no notification has announced"),
                ConfigOption.duration(
                        LEASE,
                        "10s",
                        2_000,
                        600_000,
                        "how long the messages of a consumer whose process has died stay its own"),
                ConfigOption.duration(
                        ANSWER_TIMEOUT,
                        "10s",
                        1_000,
                        600_000,
                        "how long the server may take to answer before a connection is given up"),
                ConfigOption.passThrough(DRIVER, driverProperties(), "connection properties of the PostgreSQL driver"));
    }

    private static List<String> driverProperties() {
        return Arrays.stream(PGProperty.values())
                .map(PGProperty::getName)
                .filter(name -> !OWN.contains(name))
                .sorted()
                .toList();
    }

    /** One sentence per mistake that needs no server to be found. */
    static List<String> problems(ConnectionContext context) {
        List<String> problems = new ArrayList<>();
        String example = "postgresql://localhost:5432/app";
        if (context.url().authority().isEmpty()) {
            problems.add("anymq.url: name at least one server, such as " + example);
        } else {
            for (String address : context.url().authority().split(",", -1)) {
                if (!HostPort.isLegal(address)) {
                    problems.add("anymq.url: '" + Escape.forLog(address) + "' is not host:port; write " + example);
                }
            }
            String database = context.url().path();
            if (database.indexOf('/') >= 0) {
                problems.add("anymq.url: only the name of the database may follow the ports, such as " + example);
            }
        }
        ConfigValues config = context.config();
        String schema = config.text(SCHEMA).orElse("");
        if (!schema.matches("[a-z_][a-z0-9_]{0,62}")) {
            problems.add("anymq.postgresql." + SCHEMA
                    + " must have 1 to 63 characters, only lower-case letters, digits and _, first no digit");
        }
        Set<String> known = new HashSet<>(driverProperties());
        for (String name : config.passThrough(DRIVER).keySet()) {
            if (OWN.contains(name)) {
                problems.add("anymq.postgresql." + DRIVER + name + " is set by AnyMQ; remove the key");
            } else if (!known.contains(name)) {
                problems.add("anymq.postgresql." + DRIVER + Escape.forLog(name)
                        + ": PostgreSQL's driver has no property of this name; correct it, or remove the key");
            }
        }
        return problems;
    }

    String schema() {
        return config.text(SCHEMA).orElse("anymq");
    }

    int lanes() {
        return (int) config.number(LANES);
    }

    Duration retention() {
        return config.duration(RETENTION);
    }

    int maxBodyBytes() {
        return (int) config.size(MAX_BODY);
    }

    int batch() {
        return (int) config.number(BATCH);
    }

    int sendConnections() {
        return (int) config.number(SEND_CONNECTIONS);
    }

    int receiveConnections() {
        return (int) config.number(RECEIVE_CONNECTIONS);
    }

    Duration pollInterval() {
        return config.duration(POLL_INTERVAL);
    }

    Duration lease() {
        return config.duration(LEASE);
    }

    Duration answerTimeout() {
        return config.duration(ANSWER_TIMEOUT);
    }

    Duration operationTimeout() {
        return context.operationTimeout();
    }

    String clientName() {
        return context.clientName();
    }

    /** The servers in the order in which they are tried, separated by commas. */
    String addresses() {
        return context.url().authority();
    }

    /** Empty for the one that is called as the user. */
    String database() {
        return context.url().path();
    }

    /** The driver's properties for a connection that must be open within {@code step}. */
    Properties driver(Duration step) {
        Properties properties = new Properties();
        long seconds = Math.max(1, step.toSeconds());
        properties.setProperty("connectTimeout", Long.toString(seconds));
        properties.setProperty("sslResponseTimeout", Long.toString(Math.max(1, step.toMillis())));
        // The driver's own time-out would need a thread for each connection.
        properties.setProperty("loginTimeout", "0");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "anymq " + clientName());
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("sslmode", "disable");
        context.config().passThrough(DRIVER).forEach(properties::setProperty);
        // Until the connection is open; from then on each call has a bound of its own.
        properties.setProperty("socketTimeout", Long.toString(seconds));
        properties.setProperty("currentSchema", schema());
        // Statistics of a queue are always out of date: tables are large that were empty when they were looked at last.
        properties.setProperty(
                "options",
                "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
                        + " -c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off"
                        + " -c statement_timeout=" + answerTimeout().toMillis()
                        + " -c idle_in_transaction_session_timeout="
                        + answerTimeout().multipliedBy(2).toMillis());
        String user = context.url().user();
        String name = user != null ? user : config.text(USER).orElse(null);
        if (name != null) {
            properties.setProperty("user", name);
        }
        String inUrl = context.url().password();
        String password = inUrl != null ? inUrl : config.text(PASSWORD).orElse(null);
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }
}
