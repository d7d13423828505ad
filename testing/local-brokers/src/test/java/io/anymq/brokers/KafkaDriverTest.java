package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.DockerClientFactory;

@Timeout(120)
class KafkaDriverTest {
    private final KafkaDriver driver = new KafkaDriver(Settings.ofThisJvm());

    @Test
    void saysWhetherADockerEngineAnswers() {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            assertThat(driver.obstacleToContainer(BrokerOptions.defaults())).isEmpty();
        } else {
            assertThat(driver.obstacleToContainer(BrokerOptions.defaults())).contains("no Docker engine is reachable");
        }
    }

    @Test
    void doesWithoutTestcontainersOnTheClassPath() {
        List<Path> without = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("testcontainers"))
                .map(Path::of)
                .toList();
        try (ChildJvm child = ChildJvm.of(DetectMain.class).classPath(without).start()) {
            child.awaitLine(
                    "testcontainers: org.testcontainers:testcontainers-kafka is not on the class path; process: chosen",
                    Duration.ofMinutes(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kafka, kafka-clients, org.apache.kafka:kafka-clients",
        "activemq, activemq-client, org.apache.activemq:activemq-client",
        "artemis, activemq-client, org.apache.activemq:activemq-client"
    })
    void saysWhichClientIsMissing(String kind, String jar, String artifact) {
        List<Path> without = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(jar))
                .map(Path::of)
                .toList();
        try (ChildJvm child =
                ChildJvm.of(StartMain.class).args(kind).classPath(without).start()) {
            child.awaitLine(
                    "refused: a " + kind + " broker is asked with " + artifact
                            + " whether it answers, which is not on the class path; add it to the tests' dependencies",
                    Duration.ofMinutes(1));
        }
    }

    @Test
    void anAdvertisedAddressLeavesOutContainers() {
        assertThat(driver.obstacleToContainer(BrokerOptions.defaults().withAdvertised("127.0.0.1:1")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("advertised address"));
    }

    @Test
    void anExternalBrokerThatDoesNotAnswerIsAnErrorWithinTheTimeout() {
        String unused = "127.0.0.1:" + Ports.free(1).get(0);
        assertThatThrownBy(() -> driver.reach(unused, Duration.ofSeconds(1)))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("no Kafka broker answered at " + unused);
    }

    @Test
    void anExternalBrokerWithoutAnAddressIsAnError() {
        assertThatThrownBy(() -> driver.reach("no-such-host.invalid:9092", Duration.ofSeconds(1)))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("no-such-host.invalid:9092");
    }
}
