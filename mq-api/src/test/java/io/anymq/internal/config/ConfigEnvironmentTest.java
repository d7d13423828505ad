package io.anymq.internal.config;

import static io.anymq.internal.config.VendorConfig.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ConfigurationException;
import io.anymq.internal.support.CapturedLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Environment variables and reserved keys, which others set, too. */
class ConfigEnvironmentTest {
    /** Others set variables, too; a file and system properties are the application's own and stay strict. */
    @Test
    void environmentVariablesThatMatchNothingAreLoggedAndIgnored() {
        Map<String, String> environment =
                Map.of("ANYMQ_URL", "vendor:", "ANYMQ_RETRY_MAXATTEMPTS", "3", "ANYMQ_VENDOR_SPEED", "3");
        String log = CapturedLog.of(() -> assertThat(read(null, environment, new Properties(), Map.of())
                        .adapter()
                        .scheme())
                .isEqualTo("vendor"));
        assertThat(log)
                .contains("Ignoring environment variable ANYMQ_RETRY_MAXATTEMPTS: no key has this name; did you mean"
                        + " ANYMQ_RETRY_MAX_ATTEMPTS?")
                .contains("Ignoring environment variable ANYMQ_VENDOR_SPEED");
        Properties system = new Properties();
        system.setProperty("anymq.retry.maxattempts", "3");
        assertThat(catchThrowableOfType(ConfigurationException.class, () -> read(null, environment, system, Map.of())))
                .hasMessageContaining("did you mean anymq.retry.max-attempts?");
    }

    @Test
    void aFamilyOfVendorSettingsTakesEnvironmentVariables() {
        ClientConfig config = read(
                null, Map.of("ANYMQ_URL", "vendor:", "ANYMQ_VENDOR_NATIVE_LINGER_MS", "5"), new Properties(), Map.of());
        assertThat(config.connection().config().passThrough("native.")).isEqualTo(Map.of("linger.ms", "5"));
    }

    /** Kubernetes sets them for Services called anymq, anymq-vendor and anymq-names. */
    @Test
    void variablesOfKubernetesServicesAreIgnored() {
        Map<String, String> environment = new HashMap<>();
        for (String service : List.of("ANYMQ", "ANYMQ_VENDOR", "ANYMQ_NAMES", "ANYMQ_RETRY_JITTER", "ANYMQ_FOO")) {
            environment.put(service + "_SERVICE_HOST", "10.0.0.5");
            environment.put(service + "_SERVICE_PORT", "61616");
            environment.put(service + "_SERVICE_PORT_OPENWIRE", "61616");
            environment.put(service + "_PORT", "tcp://10.0.0.5:61616");
            environment.put(service + "_PORT_61616_TCP", "tcp://10.0.0.5:61616");
            environment.put(service + "_PORT_61616_TCP_PROTO", "tcp");
            environment.put(service + "_PORT_61616_TCP_PORT", "61616");
            environment.put(service + "_PORT_61616_TCP_ADDR", "10.0.0.5");
        }
        environment.put("ANYMQ_URL", "vendor:");
        String log = CapturedLog.of(() -> assertThat(read(null, environment, new Properties(), Map.of())
                        .adapter()
                        .scheme())
                .isEqualTo("vendor"));
        assertThat(log).isEmpty();
    }

    @Test
    void reservedKeysAreIgnored() {
        Properties system = new Properties();
        system.setProperty("anymq.test.kafka.url", "kafka://127.0.0.1:9092");
        system.setProperty("anymq.brokers.rabbitmq.home", "/opt/rabbitmq");
        Map<String, String> environment = Map.of(
                "ANYMQ_URL", "vendor:",
                "ANYMQ_TEST_KAFKA_VIA", "process",
                "ANYMQ_BROKERS_MAVEN", "/opt/maven/bin/mvn",
                "ANYMQ_WITHOUT", "rabbitmq",
                "ANYMQ_CLASSPATH", "mine.jar",
                "ANYMQ_JAVA_OPTS", "-Xmx1g",
                "ANYMQ_SIMULATION_LOG", "info");
        assertThat(read(null, environment, system, Map.of()).adapter().scheme()).isEqualTo("vendor");
    }
}
