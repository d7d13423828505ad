package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientVersionTest {
    private static final ClientVersion CLIENT = new ClientVersion("some-client", "3.9.0", "some.version");

    @ParameterizedTest
    @ValueSource(strings = {"3.9.0", "3.9", "3.9.1", "3.10.0", "4", "4.0.0-rc1", "10.0.0", "unknown", "", "${version}"})
    void newEnough(String found) {
        assertThat(CLIENT.problems(found)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.8.1", "3", "2.99.99", "0.11.0.3", "3.8.9-SNAPSHOT", " 3.8.0 "})
    void tooOld(String found) {
        assertThat(CLIENT.problems(found))
                .containsExactly("some-client " + found + " is on the class path, but the adapter needs 3.9.0 or newer;"
                        + " raise its version (in Spring Boot by the property some.version, elsewhere in your dependency"
                        + " management)");
    }

    @Test
    void aClientThatDoesNotTellIsGivenTheBenefitOfTheDoubt() {
        assertThat(CLIENT.problems(null)).isEmpty();
        assertThat(ClientVersion.read(ClientVersionTest.class, "/nowhere.properties", "version"))
                .isNull();
        assertThat(ClientVersion.read(ClientVersionTest.class, "/simplelogger.properties", "version"))
                .isNull();
        assertThat(ClientVersion.read(
                        ClientVersionTest.class, "/simplelogger.properties", "org.slf4j.simpleLogger.defaultLogLevel"))
                .isEqualTo("warn");
    }
}
