package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states and codes that the databases document, above all those that a test cannot bring about. */
class JdbcFailuresTest {
    @ParameterizedTest
    @CsvSource({
        "53100, 0, FULL, room",
        "HY000, 1021, FULL, room",
        "HY000, 1114, FULL, room",
        "53300, 0, UNAVAILABLE, cannot be reached",
        "57P01, 0, UNAVAILABLE, cannot be reached",
        "08S01, 0, UNAVAILABLE, cannot be reached",
        "25006, 0, UNAVAILABLE, read-only",
        "HY000, 1290, UNAVAILABLE, read-only",
        "90097, 90097, UNAVAILABLE, read-only",
        "40001, 0, UNAVAILABLE, in the way",
        "40001, 1213, UNAVAILABLE, in the way",
        "40P01, 0, UNAVAILABLE, in the way",
        "57014, 0, TIMEOUT, in time",
        "28P01, 0, AUTHENTICATION, password",
        "28000, 1045, AUTHENTICATION, password",
        "42501, 0, AUTHORIZATION, grant",
        "42000, 1142, AUTHORIZATION, grant",
        "42P01, 0, NOT_FOUND, tables are missing",
        "42S02, 1146, NOT_FOUND, tables are missing",
        "42703, 0, MISMATCH, not those of this version",
        "XX000, 0, UNAVAILABLE, refused"
    })
    void aStateHasACodeAndACure(String state, int code, ErrorCode expected, String cure) {
        MessagingException typed = JdbcFailures.typed("claim a message", new SQLException("so it is", state, code));
        assertThat(typed.code()).isEqualTo(expected);
        assertThat(typed.isRetryable()).isTrue();
        assertThat(typed)
                .hasMessageStartingWith("could not claim a message: ")
                .hasMessageContaining(cure)
                .hasMessageContaining("so it is");
    }

    @Test
    void aFullDiskIsFoundInTheText() {
        SQLException failure =
                new SQLException("General error", "HY000", 50000, new IOException("No space left on device"));
        assertThat(JdbcFailures.typed("claim a message", failure).code()).isEqualTo(ErrorCode.FULL);
    }

    @Test
    void theStatementIsNotPartOfTheText() {
        SQLException failure = new SQLException("Table is locked; SQL statement:\nUPDATE t SET x = 1", "HYT00", 50200);
        assertThat(JdbcFailures.typed("claim a message", failure))
                .hasMessageContaining("Table is locked")
                .hasMessageNotContaining("UPDATE");
    }
}
