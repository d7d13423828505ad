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
class MariaDbTransactionIT extends TransactionContract {
    @TempDir
    static Path folder;

    @Override
    TestDatabase open() throws Exception {
        return new MariaDbDatabase(folder, "mariadb");
    }

    @Test
    void aDatabaseThatIsReadOnlyIsTold() throws Exception {
        HikariConfig config = database().config();
        config.setConnectionInitSql("SET SESSION TRANSACTION READ ONLY");
        on(database().pool(config));
        MessagingException refused = failure(
                () -> inbox().<String>handler((delivery, connection) -> {}).handle(new Delivered<>("m", "x")));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("read-only");
    }
}
