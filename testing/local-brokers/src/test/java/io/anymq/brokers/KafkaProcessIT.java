package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaProcessIT extends LocalProcessContract {

    @Override
    BrokerKind kind() {
        return BrokerKind.KAFKA;
    }

    @Override
    BadSetting badSetting() {
        return new BadSetting(
                "num.io.threads", "none", "num.io.threads", "Invalid value none for configuration num.io.threads");
    }

    @Override
    boolean answers(LocalBroker broker) throws Exception {
        return PlainKafka.answersWithin(broker.bootstrap(), Duration.ofSeconds(2));
    }

    @Override
    void use(LocalBroker broker) throws Exception {
        PlainKafka.createTopic(broker.bootstrap(), "orders");
        PlainKafka.send(broker.bootstrap(), "orders", "one", "two");
        assertThat(PlainKafka.read(broker.bootstrap(), "orders", 2)).containsExactly("one", "two");
        assertThat(broker.describe().version()).contains(KafkaProcess.VERSION);
        assertThat(broker.logTail(5).lines()).hasSize(5);
    }

    @Override
    void store(LocalBroker broker) throws Exception {
        PlainKafka.createTopic(broker.bootstrap(), "orders");
        PlainKafka.send(broker.bootstrap(), "orders", "stored at " + broker.bootstrap());
    }

    @Override
    void assertStored(LocalBroker broker) throws Exception {
        PlainKafka.send(broker.bootstrap(), "orders", "after it");
        assertThat(PlainKafka.read(broker.bootstrap(), "orders", 2))
                .containsExactly("stored at " + broker.bootstrap(), "after it");
    }

    @Test
    void anUnusableFolderFailsAtOnce() throws Exception {
        Path file = Files.createFile(folder.resolve("not-a-folder"));
        assertThatThrownBy(() -> LocalBrokers.start(BrokerKind.KAFKA, OPTIONS.withFolder(file)))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("could not create a folder in " + file);
    }

    @Test
    void canBePutBehindAProxy() throws Exception {
        try (Forwarder proxy = new Forwarder();
                LocalBroker broker = start(OPTIONS.withAdvertised(proxy.address()))) {
            proxy.forwardTo(broker.listenAddress());
            assertThat(broker.bootstrap()).isEqualTo(proxy.address()).isNotEqualTo(broker.listenAddress());
            assertThat(proxy.connections()).isZero();

            PlainKafka.createTopic(broker.directBootstrap(), "orders");
            PlainKafka.send(broker.directBootstrap(), "orders", "past the proxy");
            assertThat(proxy.connections()).isZero();

            PlainKafka.send(broker.listenAddress(), "orders", "through it");
            assertThat(proxy.connections()).isPositive();
            assertThat(PlainKafka.read(broker.bootstrap(), "orders", 2))
                    .containsExactly("past the proxy", "through it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POWER", "PROCESS"})
    void runsWithTheDurabilityClaimed(Durability durability) throws Exception {
        try (LocalBroker broker = start(OPTIONS.withDurability(durability).withTuning(Tuning.THROUGHPUT));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
            String interval = admin.describeConfigs(List.of(node))
                    .all()
                    .get(30, TimeUnit.SECONDS)
                    .get(node)
                    .get("log.flush.interval.messages")
                    .value();
            assertThat(interval).isEqualTo(durability == Durability.POWER ? "1" : Long.toString(Long.MAX_VALUE));
            assertThat(broker.describe().launch()).doesNotContain("TieredStopAtLevel");
        }
    }
}
