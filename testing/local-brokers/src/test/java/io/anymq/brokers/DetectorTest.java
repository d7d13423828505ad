package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorTest {
    private static final String URL = "anymq.test.kafka.url";
    private static final String VIA = "anymq.test.kafka.via";

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Settings settings = new Settings(properties::get, environment::get);
    private Optional<String> dockerObstacle = Optional.of("no Docker engine is reachable");

    /** Chooses as Kafka does, with a Docker engine that is there or not as the test wants. */
    private final class Surroundings implements BrokerDriver {
        @Override
        public BrokerKind kind() {
            return BrokerKind.KAFKA;
        }

        @Override
        public Optional<String> reach(String bootstrap, Duration timeout) {
            return Optional.of("reached " + bootstrap);
        }

        @Override
        public Optional<String> obstacleToContainer(BrokerOptions options) {
            return dockerObstacle;
        }

        @Override
        public Optional<String> obstacleToProcess(BrokerOptions options) {
            return Optional.empty();
        }

        @Override
        public LocalBroker startContainer(BrokerOptions options) {
            throw new LocalBrokerException("a container would be started");
        }

        @Override
        public LocalBroker startProcess(BrokerOptions options) {
            throw new LocalBrokerException("a process would be started");
        }
    }

    private Detection detect(BrokerOptions options) {
        return new Detector(new Surroundings(), options, settings).detect();
    }

    private Detection detect() {
        return detect(BrokerOptions.defaults());
    }

    private LocalBroker start(BrokerOptions options) {
        return LocalBrokers.start(new Surroundings(), options, settings);
    }

    @Test
    void fallsBackToAProcessAndSaysWhy() {
        Detection detection = detect();
        assertThat(detection.chosen()).contains(Via.PROCESS);
        assertThat(detection.summary())
                .isEqualTo("external: no URL is set; set -D" + URL
                        + "=kafka://host:port; testcontainers: no Docker engine is reachable; process: chosen");
        assertThatThrownBy(() -> start(BrokerOptions.defaults())).hasMessage("a process would be started");
    }

    @Test
    void prefersAContainerToAProcess() {
        dockerObstacle = Optional.empty();
        assertThat(detect().chosen()).contains(Via.TESTCONTAINERS);
        assertThatThrownBy(() -> start(BrokerOptions.defaults())).hasMessage("a container would be started");
    }

    @Test
    void prefersAnExternalBrokerToAll() {
        dockerObstacle = Optional.empty();
        environment.put("ANYMQ_TEST_KAFKA_URL", "kafka://env:1");
        assertThat(detect().url()).contains("kafka://env:1");
        properties.put(URL, " kafka://property:2 ");
        assertThat(detect().url()).contains("kafka://property:2");
        BrokerOptions options = BrokerOptions.defaults().withExternalUrl("kafka://option:3, other:4");
        assertThat(detect(options).chosen()).contains(Via.EXTERNAL);
        LocalBroker broker = start(options);
        assertThat(broker.bootstrap()).isEqualTo("option:3,other:4");
        assertThat(broker.describe().version()).contains("reached option:3,other:4");
    }

    @Test
    void ablankSettingCountsAsUnset() {
        properties.put(URL, "  ");
        environment.put("ANYMQ_TEST_KAFKA_VIA", "");
        assertThat(detect().chosen()).contains(Via.PROCESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:9092",
                "http://localhost:9092",
                "kafka://",
                "kafka://localhost",
                "kafka://localhost:",
                "kafka://localhost:0",
                "kafka://localhost:65536",
                "kafka://localhost:nine",
                "kafka://:9092",
                "kafka://a:1,",
                "kafka://user@host:1",
                "kafka://a:1/path"
            })
    void refusesAMalformedUrlInsteadOfStartingSomethingElse(String url) {
        properties.put(URL, url);
        assertThatThrownBy(this::detect)
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("URL")
                .hasMessageContaining("kafka://")
                .hasMessageContaining(url.replace("kafka://", ""));
    }

    @Test
    void aForcedWayIsTheOnlyOneTried() {
        properties.put(URL, "kafka://host:1");
        environment.put("ANYMQ_TEST_KAFKA_VIA", "Process");
        assertThat(detect().chosen()).contains(Via.PROCESS);
        properties.put(VIA, "testcontainers");
        assertThat(detect().chosen()).isEmpty();
        assertThat(detect(BrokerOptions.defaults().withVia(Via.EXTERNAL)).chosen())
                .contains(Via.EXTERNAL);
    }

    @Test
    void aForcedWayThatIsNotOpenIsAnErrorWithTheReason() {
        properties.put(VIA, "testcontainers");
        assertThatThrownBy(() -> start(BrokerOptions.defaults()))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessage("no kafka broker is available here: testcontainers: no Docker engine is reachable");
        properties.put(VIA, "external");
        assertThatThrownBy(() -> start(BrokerOptions.defaults()))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("-D" + URL);
    }

    @Test
    void anUnknownWayIsAnError() {
        properties.put(VIA, "podman");
        assertThatThrownBy(this::detect)
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining(VIA)
                .hasMessageContaining("external, testcontainers or process");
    }

    @Test
    void anExternalBrokersAdvertisedAddressCannotBeChanged() {
        assertThatThrownBy(() -> start(BrokerOptions.defaults()
                        .withExternalUrl("kafka://host:1")
                        .withAdvertised("127.0.0.1:2")))
                .hasMessageContaining("advertised address of an external broker cannot be changed");
    }

    @Test
    void aNameIsAKindOrAnError() {
        assertThat(BrokerKind.of("Kafka")).isEqualTo(BrokerKind.KAFKA);
        assertThatThrownBy(() -> BrokerKind.of("kafak"))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("known brokers: kafka");
    }
}
