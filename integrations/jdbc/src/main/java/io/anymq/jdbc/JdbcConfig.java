package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import java.util.List;

/** The keys {@code anymq.jdbc.*}. Immutable. */
@API(API.Status.EXPERIMENTAL)
public final class JdbcConfig implements ConfigModule {
    static final String SCHEMA = "schema";
    static final String TIMEOUT = "timeout";
    static final String PURGE_INTERVAL = "purge-interval";
    static final String PURGE_BATCH = "purge-batch";
    static final String INBOX_RETENTION = "inbox-retention";
    static final String OUTBOX_POLL = "outbox-poll";
    static final String OUTBOX_LEASE = "outbox-lease";
    static final String OUTBOX_BATCH = "outbox-batch";
    static final String OUTBOX_NOTIFY = "outbox-notify";
    static final String URL = "url";
    static final String USER = "user";
    static final String PASSWORD = "password";

    /** For the service loader. */
    public JdbcConfig() {}

    @Override
    public String prefix() {
        return "jdbc";
    }

    @Override
    public List<ConfigOption> options() {
        return List.of(
                ConfigOption.choice(
                        SCHEMA, "validate", List.of("validate", "create", "none"), "what is done about the tables"),
                ConfigOption.duration(TIMEOUT, "10s", 100, 600_000, "how long a call waits for the database's answer"),
                ConfigOption.duration(
                        PURGE_INTERVAL, "10s", 0, 86_400_000, "how often expired entries are removed; 0 for never"),
                ConfigOption.number(PURGE_BATCH, 500, 1, 100_000, "how many entries one statement removes at most"),
                ConfigOption.duration(
                        INBOX_RETENTION,
                        "7d",
                        1,
                        36_500L * 86_400_000,
                        "how long an inbox recognizes a duplicate at least"),
                ConfigOption.duration(
                        OUTBOX_POLL, "100ms", 1, 60_000, "how often a relay looks at an outbox that was empty"),
                ConfigOption.duration(
                        OUTBOX_LEASE, "10s", 1_000, 600_000, "within which a relay that was killed is replaced"),
                ConfigOption.number(OUTBOX_BATCH, 500, 1, 10_000, "how many messages a relay reads at once"),
                ConfigOption.flag(OUTBOX_NOTIFY, false, "whether commits wake relays on PostgreSQL, by NOTIFY"),
                ConfigOption.text(URL, null, "the database of a relay that is a process of its own"),
                ConfigOption.text(USER, null, "the user of that database"),
                ConfigOption.secret(PASSWORD, "the password of that user"));
    }
}
