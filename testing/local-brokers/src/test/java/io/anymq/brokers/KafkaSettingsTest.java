package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
    @Test
    void theUsersOwnSettingsWin() {
        BrokerOptions options = BrokerOptions.defaults()
                .withDurability(Durability.POWER)
                .withSetting("num.partitions", "7")
                .withSetting("log.flush.interval.messages", "10");
        assertThat(KafkaSettings.common(options))
                .containsEntry("num.partitions", "7")
                .containsEntry("log.flush.interval.messages", "10")
                .containsEntry("auto.create.topics.enable", "false");
    }

    @Test
    void clientsAreToldTheAdvertisedAddress() {
        Map<String, String> plain = KafkaSettings.process(BrokerOptions.defaults(), Path.of("data"), 1, 2, 3);
        assertThat(plain.get("advertised.listeners")).isEqualTo("CLIENT://127.0.0.1:1,INTERNAL://127.0.0.1:2");
        BrokerOptions proxied = BrokerOptions.defaults().withAdvertised("127.0.0.1:99");
        Map<String, String> behind = KafkaSettings.process(proxied, Path.of("data"), 1, 2, 3);
        assertThat(behind.get("advertised.listeners")).isEqualTo("CLIENT://127.0.0.1:99,INTERNAL://127.0.0.1:2");
        assertThat(behind.get("listeners")).startsWith("CLIENT://127.0.0.1:1,");
    }

    @Test
    void theFileReadsBackAsWritten() throws IOException {
        Map<String, String> settings = Map.of("log.dirs", "C:\\data", "a", "b=c");
        Properties read = new Properties();
        read.load(new StringReader(KafkaSettings.file(settings)));
        assertThat(read).isEqualTo(settings);
    }

    @Test
    void theContainerGetsVariablesByTheImagesRule() {
        assertThat(KafkaContainerBroker.variable("log.flush.interval.messages"))
                .isEqualTo("KAFKA_LOG_FLUSH_INTERVAL_MESSAGES");
        assertThat(KafkaContainerBroker.variable("a_b.c-d")).isEqualTo("KAFKA_A__B_C___D");
    }

    @Test
    void oneMoreListenerSpeaksTls() {
        Map<String, String> settings = KafkaSettings.process(
                BrokerOptions.defaults()
                        .withSetting("tls.listener", "127.0.0.1:4")
                        .withSetting("ssl.client.auth", "required"),
                Path.of("data"),
                1,
                2,
                3);
        assertThat(settings.get("listeners")).endsWith(",TLS://127.0.0.1:4");
        assertThat(settings.get("advertised.listeners")).endsWith(",TLS://127.0.0.1:4");
        assertThat(settings.get("listener.security.protocol.map")).endsWith(",TLS:SSL");
        assertThat(settings).containsEntry("ssl.client.auth", "required").doesNotContainKey("tls.listener");
    }
}
