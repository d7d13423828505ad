package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which switch of the agent a client names. */
class AgentCheckTest {
    private final Properties properties = new Properties();

    @ParameterizedTest
    @CsvSource({
        "kafka, otel.instrumentation.kafka.enabled",
        "rabbitmq, otel.instrumentation.rabbitmq.enabled",
        "rocketmq, otel.instrumentation.rocketmq-client.enabled",
        "activemq, otel.instrumentation.jms.enabled"
    })
    void eachBrokersClientHasASwitch(String broker, String name) {
        assertThat(AgentCheck.switchFor(broker, properties, Map.of())).contains(name);
        properties.setProperty(name, "true");
        assertThat(AgentCheck.switchFor(broker, properties, Map.of())).contains(name);
        properties.setProperty(name, "false");
        assertThat(AgentCheck.switchFor(broker, properties, Map.of())).isEmpty();
    }

    @Test
    void variablesCountAsWell() {
        assertThat(AgentCheck.switchFor(
                        "rocketmq", properties, Map.of("OTEL_INSTRUMENTATION_ROCKETMQ_CLIENT_ENABLED", "false")))
                .isEmpty();
    }

    @Test
    void anAgentWhoseInstrumentationsAreOffUnlessNamedNeedsNoSwitch() {
        Map<String, String> off = Map.of("OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED", "false");
        assertThat(AgentCheck.switchFor("kafka", properties, off)).isEmpty();
        properties.setProperty("otel.instrumentation.kafka.enabled", "true");
        assertThat(AgentCheck.switchFor("kafka", properties, off)).isPresent();
    }

    @Test
    void theEmbeddedBrokerHasNoClientToInstrument() {
        assertThat(AgentCheck.switchFor("inmemory", properties, Map.of())).isEmpty();
    }
}
