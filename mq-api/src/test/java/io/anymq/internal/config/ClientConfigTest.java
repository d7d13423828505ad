package io.anymq.internal.config;

import static io.anymq.internal.config.VendorConfig.problems;
import static io.anymq.internal.config.VendorConfig.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.ProvisionMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the values of a configuration come from, and how they are read. */
class ClientConfigTest {
    @TempDir
    Path folder;

    @Test
    void defaultsHold() {
        ClientConfig config = read(Map.of("anymq.url", "vendor:"));
        assertThat(config.provisionMode()).isEqualTo(ProvisionMode.CREATE);
        assertThat(config.concurrency()).isEqualTo(8);
        assertThat(config.producer().maxInFlight()).isEqualTo(1_000);
        assertThat(config.producer().maxBodyBytes()).isEqualTo(1 << 20);
        assertThat(config.retry().maxAttempts()).isEqualTo(5);
        assertThat(config.retry().initialDelay()).hasMillis(200);
        assertThat(config.retry().jitter()).isEqualTo(0.2);
        assertThat(config.drainTimeout()).hasSeconds(30);
        assertThat(config.connection().config().number("partitions")).isEqualTo(8);
        assertThat(config.connection().config().text("token")).isEmpty();
    }

    @Test
    void codeWinsOverSystemOverEnvironmentOverFile() throws IOException {
        Path file = folder.resolve("some.properties");
        Files.writeString(file, """
                anymq.url=vendor:
                anymq.producer.max-in-flight=1
                anymq.consumer.concurrency=1
                anymq.retry.max-attempts=1
                anymq.provision=none
                """);
        Map<String, String> environment = Map.of(
                "ANYMQ_PRODUCER_MAX_IN_FLIGHT", "2",
                "ANYMQ_CONSUMER_CONCURRENCY", "2",
                "ANYMQ_RETRY_MAX_ATTEMPTS", "2",
                "PATH", "ignored");
        Properties system = new Properties();
        system.setProperty("anymq.consumer.concurrency", "3");
        system.setProperty("anymq.retry.max-attempts", "3");
        system.setProperty("other", "ignored");
        ClientConfig config = read(file, environment, system, Map.of("anymq.retry.max-attempts", "4"));
        assertThat(config.provisionMode()).isEqualTo(ProvisionMode.NONE);
        assertThat(config.producer().maxInFlight()).isEqualTo(2);
        assertThat(config.concurrency()).isEqualTo(3);
        assertThat(config.retry().maxAttempts()).isEqualTo(4);
    }

    @Test
    void unitsAreRead() {
        ClientConfig config = read(Map.of(
                "anymq.url", "vendor:",
                "anymq.producer.send-timeout", "1500ms",
                "anymq.producer.max-block", "2m",
                "anymq.consumer.drain-timeout", "PT1H",
                "anymq.retry.max-delay", "1d",
                "anymq.producer.max-body", "64KiB"));
        assertThat(config.producer().sendTimeout()).hasMillis(1_500);
        assertThat(config.producer().maxBlock()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.drainTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(config.retry().maxDelay()).isEqualTo(Duration.ofDays(1));
        assertThat(config.producer().maxBodyBytes()).isEqualTo(64 * 1024);
    }

    @Test
    void otherVendorsKeysAreIgnoredButNotOnesOwnMistakes() {
        ClientConfig config = read(
                Map.of("anymq.url", "vendor:", "anymq.kafka.producer.acks", "all", "anymq.rabbitmq.heartbeat", "5s"));
        assertThat(config.adapter().scheme()).isEqualTo("vendor");
        assertThat(problems(Map.of("anymq.url", "vendor:", "anymq.vendr.partitions", "1")))
                .hasSize(1);
        assertThat(problems(Map.of("anymq.url", "vendor:", "any.thing", "1"))).hasSize(1);
    }

    @Test
    void parametersOfTheUrlAreOptionsToo() {
        ClientConfig config = read(Map.of("anymq.url", "vendor://h:1/p?partitions=3&native.acks=all"));
        assertThat(config.connection().config().number("partitions")).isEqualTo(3);
        assertThat(config.connection().config().passThrough("native.")).isEqualTo(Map.of("acks", "all"));
        assertThat(problems(Map.of("anymq.url", "vendor:?partition=3")))
                .singleElement()
                .asString()
                .contains("partitions");
    }

    @Test
    void secretsAreNeverPrinted() {
        ClientConfig config = read(Map.of(
                "anymq.url", "vendor://u:hush@h:1", "anymq.vendor.token", "hush", "anymq.vendor.native.acks", "hush"));
        assertThat(config.connection().config().text("token")).contains("hush");
        assertThat(config.toString()).doesNotContain("hush");
        assertThat(config.connection().toString()).doesNotContain("hush");
        assertThat(new Setting("hush", "code").toString()).doesNotContain("hush");
        assertThat(problems(Map.of("anymq.url", "vendor://u:hush@h:1", "anymq.vendor.tokn", "hush")))
                .singleElement()
                .asString()
                .contains("anymq.vendor.token")
                .doesNotContain("hush");
    }
}
