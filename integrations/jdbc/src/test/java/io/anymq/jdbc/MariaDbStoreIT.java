package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("mariadb")
class MariaDbStoreIT extends StoreContract {
    @TempDir
    static Path folder;

    @Override
    TestDatabase open() throws Exception {
        return new MariaDbDatabase(folder, "mariadb");
    }

    @Test
    void aDatabaseThatIsReadOnlyIsTold() throws Exception {
        database().store(database().pool());
        HikariConfig config = database().config();
        config.setConnectionInitSql("SET SESSION TRANSACTION READ ONLY");
        JdbcIdempotencyStore store =
                JdbcIdempotencyStore.builder(database().pool(config)).build();
        MessagingException refused = failure(() -> store.claim("payments", "k", 1, LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("read-only");
    }
}
