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
                ConfigOption.number(PURGE_BATCH, 500, 1, 100_000, "how many entries one statement removes at most"));
    }
}
