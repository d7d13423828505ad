package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.tck.net.Direction;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgresql")
class PostgresStoreIT extends StoreContract {
    @TempDir
    static Path folder;

    @Override
    TestDatabase open() throws Exception {
        return new PostgresDatabase(folder);
    }

    @Test
    void aDatabaseThatIsReadOnlyIsToldAndWaitedFor() throws Exception {
        database().store(database().pool());
        HikariConfig config = database().config();
        config.setConnectionInitSql("SET default_transaction_read_only = on");
        JdbcIdempotencyStore store =
                JdbcIdempotencyStore.builder(database().pool(config)).build();
        MessagingException refused = failure(() -> store.claim("payments", "k", 1, LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("read-only");
    }

    @Test
    void aMissingRightIsNamed() throws Exception {
        database().store(database().pool());
        database()
                .execute(
                        "DROP ROLE IF EXISTS reader",
                        "CREATE ROLE reader LOGIN PASSWORD 'r'",
                        "GRANT SELECT ON anymq_schema, anymq_idempotency TO reader");
        HikariConfig config = database().config();
        config.setUsername("reader");
        config.setPassword("r");
        JdbcIdempotencyStore store =
                JdbcIdempotencyStore.builder(database().pool(config)).build();
        MessagingException refused = failure(() -> store.claim("payments", "k", 1, LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(refused).hasMessageContaining("grant");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsGivenUpWithinTheTimeout() throws Exception {
        database().store(database().pool());
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(database().pool())
                .timeout(Duration.ofMillis(500))
                .build();
        granted(store, "before");
        database().proxy().discard(Direction.TO_CLIENT);
        MessagingException silent = failure(() -> store.claim("payments", "k", 1, LONG));
        assertThat(silent.code()).isIn(ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE);
        database().connect();
        await(() -> answers(store));
    }
}
