package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.ConnectionContext;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveMqConfigTest {
    private static List<String> problems(String url, Map<String, String> options) {
        return new ActiveMqAdapter().validate(SpiContext.of(url, options));
    }

    private static ActiveMqConfig config(String url, Map<String, String> options) {
        return new ActiveMqConfig(SpiContext.of(url, options));
    }

    @Test
    void aPlainUrlIsLegal() {
        assertThat(problems("activemq://localhost:61616", Map.of())).isEmpty();
        assertThat(problems("activemq://user:secret@one:61616,two:61616", Map.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"activemq:", "activemq://host", "activemq://host:61616/path", "activemq://:61616"})
    void otherUrlsAreNamed(String url) {
        assertThat(problems(url, Map.of())).singleElement().asString().startsWith("anymq.url:");
    }

    @Test
    void contradictionsAreNamed() {
        assertThat(problems("activemq://host:1", Map.of("trust-store", "/x")))
                .singleElement()
                .asString()
                .contains("anymq.activemq.tls=true");
        assertThat(problems("activemq://host:1", Map.of("topic-prefix", "a>b")))
                .singleElement()
                .asString()
                .contains("topic-prefix");
    }

    @Test
    void aMisspeltTransportParameterIsNamed() {
        for (String tls : List.of("false", "true")) {
            assertThat(problems(
                            "activemq://host:1",
                            Map.of("tls", tls, "transport.soTimeoutt", "1", "transport.soTimeout", "1000")))
                    .singleElement()
                    .asString()
                    .startsWith("anymq.activemq.transport.soTimeoutt: ");
        }
        assertThat(problems(
                        "activemq://host:1",
                        Map.of(
                                "transport.wireFormat.maxInactivityDuration",
                                "5000",
                                "transport.socket.keepAlive",
                                "true",
                                "transport.tcpNoDelay",
                                "true")))
                .isEmpty();
    }

    @Test
    void theFactoryIsBoundedInTimeAndTrustsNoObjects() {
        ActiveMQConnectionFactory factory = config(
                        "activemq://app:secret@host:61616",
                        Map.of("transport.wireFormat.maxInactivityDuration", "5000"))
                .factory("host:61616", Duration.ofSeconds(3));
        assertThat(factory.getBrokerURL())
                .startsWith("tcp://host:61616?connectionTimeout=3000")
                .contains("soWriteTimeout=10000")
                .contains("wireFormat.maxInactivityDuration=5000")
                .doesNotContain("secret");
        assertThat(factory.getUserName()).isEqualTo("app");
        assertThat(factory.getConnectResponseTimeout()).isEqualTo(3_000);
        assertThat(factory.isTrustAllPackages()).isFalse();
    }

    @Test
    void tlsHasItsOwnFactory() {
        assertThat(config("activemq://host:61617", Map.of("tls", "true", "user", "u", "password", "p"))
                        .factory("host:61617", Duration.ofSeconds(3)))
                .isInstanceOf(TlsConnectionFactory.class)
                .satisfies(factory -> assertThat(factory.getBrokerURL()).startsWith("ssl://"));
    }

    @Test
    void theSmallerLimitHolds() {
        ConnectionContext context = SpiContext.of("activemq://host:1", Map.of());
        assertThat(new ActiveMqConfig(context).maxBodyBytes(Long.MAX_VALUE)).isEqualTo((4 << 20) - (64 << 10));
        assertThat(new ActiveMqConfig(context).maxBodyBytes(300_000)).isEqualTo(300_000 - (64 << 10));
    }
}
