package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import io.anymq.tck.direct.SpiContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RabbitMqConfigTest {
    private static RabbitMqConfig config(String url, Map<String, String> options) {
        return new RabbitMqConfig(SpiContext.of(url, options));
    }

    private static List<String> problems(String url, Map<String, String> options) {
        return new RabbitMqAdapter().validate(SpiContext.of(url, options));
    }

    @Test
    void urlAndDefaults() {
        RabbitMqConfig config = config("rabbitmq://me:p%40ss@one,two:5673,[::1]:5674/shop", Map.of());
        assertThat(config.addresses())
                .extracting(each -> each.getHostString() + " " + each.getPort())
                .containsExactly("one 5672", "two 5673", "::1 5674");
        assertThat(config.virtualHost()).isEqualTo("shop");
        assertThat(config.lanes()).isEqualTo(8);
        assertThat(config.quorum()).isTrue();
        assertThat(config.maxBodyBytes()).isEqualTo(16 << 20);
        ConnectionFactory factory = config.configure(new ConnectionFactory());
        assertThat(factory.getUsername()).isEqualTo("me");
        assertThat(factory.getPassword()).isEqualTo("p@ss");
        assertThat(factory.isAutomaticRecoveryEnabled()).isFalse();
        assertThat(factory.getRequestedHeartbeat()).isEqualTo(10);
        assertThat(config.tls()).isEmpty();
        assertThat(config.where()).doesNotContain("me").doesNotContain("p@ss");
    }

    @Test
    void theDefaultVirtualHostAndUser() {
        assertThat(config("rabbitmq://host", Map.of()).virtualHost()).isEqualTo("/");
        assertThat(config("rabbitmq://host/%2F", Map.of()).virtualHost()).isEqualTo("/");
        assertThat(config("rabbitmq://host", Map.of()).user()).isEqualTo("guest");
    }

    @Test
    void tlsHasAPortOfItsOwn() {
        RabbitMqConfig config = config("rabbitmq://host,other:1", Map.of("tls", "true"));
        assertThat(config.addresses()).extracting(InetSocketAddress::getPort).containsExactly(5671, 1);
        assertThat(config.tls()).isPresent();
    }

    @Test
    void mistakesAreNamed() {
        assertThat(problems("rabbitmq:orders", Map.of()))
                .singleElement()
                .asString()
                .contains("at least one host");
        assertThat(problems("rabbitmq://one,,two", Map.of()))
                .singleElement()
                .asString()
                .contains("'' is not a valid host");
        assertThat(problems("rabbitmq://me@one", Map.of()))
                .singleElement()
                .asString()
                .contains("no password");
        assertThat(problems("rabbitmq://one/a/b", Map.of()))
                .singleElement()
                .asString()
                .contains("%2F");
        assertThat(problems("rabbitmq://one", Map.of("lanes", "6")))
                .singleElement()
                .asString()
                .contains("must be a power of two from 1 to 256, but was 6");
        assertThat(problems("rabbitmq://one", Map.of("trust-store", "/no/such/file")))
                .singleElement()
                .asString()
                .contains("anymq.rabbitmq.tls=true");
        assertThat(problems("rabbitmq://one", Map.of("tls", "true", "trust-store", "/no/such/file")))
                .singleElement()
                .asString()
                .contains("cannot be read");
    }
}
