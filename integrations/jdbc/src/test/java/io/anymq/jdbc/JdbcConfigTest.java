package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.anymq.ConfigurationException;
import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JdbcConfigTest {
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

    private static MessagingClient.Builder client() {
        return MessagingClient.builder().url("inmemory:");
    }

    @Test
    void theSchemaIsNotCreatedUnlessAsked() {
        HikariDataSource dataSource = fresh();
        try (MessagingClient client = client().open()) {
            assertThatThrownBy(() -> JdbcIdempotencyStore.with(dataSource, client.config("jdbc")))
                    .isInstanceOfSatisfying(
                            MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
        try (MessagingClient client =
                client().set("anymq.jdbc.schema", "create").open()) {
            StoreContract.granted(JdbcIdempotencyStore.with(dataSource, client.config("jdbc")), "k");
        }
    }

    @Test
    void mistakesAreToldWhenTheClientOpens() {
        assertThatThrownBy(() -> client().set("anymq.jdbc.schema", "drop")
                        .set("anymq.jdbc.timeout", "1ms")
                        .set("anymq.jdbc.purge-batch", "0")
                        .open())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(3));
    }

    @Test
    void theBuilderNamesTheBoundAndTheValue() {
        JdbcIdempotencyStore.Builder builder = JdbcIdempotencyStore.builder(fresh());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeout(Duration.ofMillis(1)))
                .withMessage("timeout must be between PT0.1S and PT10M, but was PT0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.purgeInterval(Duration.ofDays(2)))
                .withMessageContaining("purgeInterval");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.purgeBatch(0))
                .withMessage("purgeBatch must be between 1 and 100,000, but was 0");
    }
}
