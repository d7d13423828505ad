package io.anymq.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTranslatorTest {
    @ParameterizedTest
    @CsvSource({
        "28P01, AUTHENTICATION, false, anymq.url",
        "42501, AUTHORIZATION, false, grant",
        "3D000, NOT_FOUND, false, create the database",
        "42P01, NOT_FOUND, false, V1__anymq_broker.sql",
        "53100, FULL, true, disk",
        "53300, UNAVAILABLE, true, max_connections",
        "25006, UNAVAILABLE, true, primary",
        "57014, TIMEOUT, true, overloaded",
        "08006, UNAVAILABLE, true, running",
    })
    void whatTheServerSaysHasACodeAndACure(String state, ErrorCode code, boolean retryable, String cure) {
        MessagingException error = PostgresTranslator.error("sending", new SQLException("why", state));
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isEqualTo(retryable);
        assertThat(error).hasMessageContaining("sending failed: why").hasMessageContaining(cure);
    }

    @Test
    void aServerThatIsSilentIsATimeout() {
        SQLException silent = new SQLException("I/O error", "08006", new SocketTimeoutException("Read timed out"));
        assertThat(PostgresTranslator.error("sending", silent).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(PostgresTranslator.isRefused(silent)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"22021", "23505", "42P01", "53100", "57014", "42501", "40P01"})
    void aRefusalOfTheServerIsCertain(String state) {
        assertThat(PostgresTranslator.isRefused(new SQLException("no", state))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "XX000", "58030"})
    void anythingElseIsNot(String state) {
        assertThat(PostgresTranslator.isRefused(new SQLException("?", state))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "a\\b", "\u0000", "x\u0000\u0000y", "\uE000", "\uE000\uE001\u0000", "\uE001"})
    void everyTextComesBack(String text) {
        String stored = PostgresTranslator.stored(text);
        assertThat(stored).doesNotContain("\u0000");
        assertThat(PostgresTranslator.read(stored)).isEqualTo(text);
    }
}
