package io.anymq.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class PostgresConfigTest {
    private static final String URL = "postgresql://app:secret@one:5432,two:5432/shop";

    private static List<String> problems(String url, Map<String, String> options) {
        return new PostgresAdapter().validate(SpiContext.of(url, options));
    }

    @Test
    void aUrlNamesServersAndADatabase() {
        assertThat(problems(URL, Map.of())).isEmpty();
        assertThat(problems("postgresql://host:5432", Map.of())).isEmpty();
        assertThat(problems("postgresql:", Map.of())).singleElement().asString().contains("at least one server");
        assertThat(problems("postgresql://host/shop", Map.of()))
                .singleElement()
                .asString()
                .contains("host:port");
        assertThat(problems("postgresql://host:1/a/b", Map.of()))
                .singleElement()
                .asString()
                .contains("database");
    }

    @Test
    void aSchemaIsASimpleName() {
        assertThat(problems(URL, Map.of(PostgresConfig.SCHEMA, "my_schema2"))).isEmpty();
        for (String bad : List.of("Schema", "2nd", "a b", "a\"", "a".repeat(64))) {
            assertThat(problems(URL, Map.of(PostgresConfig.SCHEMA, bad)))
                    .as(bad)
                    .singleElement()
                    .asString()
                    .contains("anymq.postgresql.schema must");
        }
    }

    @Test
    void theDriversPropertiesAreHandedOnIfItHasThem() {
        Map<String, String> good = Map.of("driver.sslmode", "verify-full", "driver.sslrootcert", "/etc/ca.pem");
        assertThat(problems(URL, good)).isEmpty();
        Properties properties = new PostgresConfig(SpiContext.of(URL, good)).driver(Duration.ofSeconds(2));
        assertThat(properties)
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/etc/ca.pem")
                .containsEntry("user", "app")
                .containsEntry("password", "secret")
                .containsEntry("currentSchema", "anymq");
        assertThat(problems(URL, Map.of("driver.sslMood", "x")))
                .singleElement()
                .asString()
                .contains("no property");
        assertThat(problems(URL, Map.of("driver.socketTimeout", "1")))
                .singleElement()
                .asString()
                .contains("set by AnyMQ");
    }

    @Test
    void theUrlsUserWins() {
        Map<String, String> options = Map.of(PostgresConfig.USER, "other", PostgresConfig.PASSWORD, "hidden");
        assertThat(new PostgresConfig(SpiContext.of(URL, options)).driver(Duration.ofSeconds(2)))
                .containsEntry("user", "app")
                .containsEntry("password", "secret");
        assertThat(new PostgresConfig(SpiContext.of("postgresql://one:5432/shop", options))
                        .driver(Duration.ofSeconds(2)))
                .containsEntry("user", "other")
                .containsEntry("password", "hidden");
    }
}
