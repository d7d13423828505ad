package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The files are what Flyway and Liquibase run, too. */
class MigrationsTest {
    private static final String FOLDER = "META-INF/anymq/jdbc/h2";

    private final List<HikariDataSource> pools = new ArrayList<>();

    @AfterEach
    void close() {
        pools.forEach(HikariDataSource::close);
    }

    private HikariDataSource fresh() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
        config.setMinimumIdle(0);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    private static void works(DataSource dataSource) {
        for (SchemaMode mode : SchemaMode.values()) {
            JdbcIdempotencyStore store =
                    JdbcIdempotencyStore.builder(dataSource).schema(mode).build();
            StoreContract.granted(store, "key of " + mode);
            store.forget("payments", "key of " + mode);
        }
        assertThat(JdbcIdempotencyStore.builder(dataSource)
                        .timeout(Duration.ofSeconds(1))
                        .build())
                .hasToString("JdbcIdempotencyStore[h2, schema=VALIDATE]");
        Inbox.builder(dataSource).build();
        Outbox.builder(dataSource).build();
    }

    @Test
    void byFlywayWithAHistoryOfItsOwnBesideOtherTables() throws Exception {
        DataSource dataSource = fresh();
        try (Connection connection = dataSource.getConnection()) {
            connection.createStatement().execute("CREATE TABLE orders (id BIGINT PRIMARY KEY)");
        }
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:" + FOLDER)
                .table("anymq_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
        works(dataSource);
    }

    @Test
    void byLiquibase() throws Exception {
        DataSource dataSource = fresh();
        for (Schema.Part part : Schema.Part.values()) {
            try (Connection connection = dataSource.getConnection();
                    Liquibase liquibase = new Liquibase(
                            FOLDER + "/" + part.file,
                            new ClassLoaderResourceAccessor(),
                            new JdbcConnection(connection))) {
                liquibase.update(new Contexts());
                assertThat(liquibase.listUnrunChangeSets(new Contexts(), null)).isEmpty();
            }
        }
        works(dataSource);
    }

    @Test
    void byHand() throws Exception {
        DataSource dataSource = fresh();
        try (Connection connection = dataSource.getConnection()) {
            for (Schema.Part part : Schema.Part.values()) {
                for (String sql : Schema.statements(Dialect.H2, part)) {
                    connection.createStatement().execute(sql);
                }
            }
        }
        works(dataSource);
    }
}
