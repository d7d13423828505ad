package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter's own tests prove with clients that it keeps messages; here, a topic must survive. */
class RocketMqProcessIT extends LocalProcessContract {

    @Override
    BrokerKind kind() {
        return BrokerKind.ROCKETMQ;
    }

    @Override
    BadSetting badSetting() {
        return new BadSetting("brokerRole", "SLAVE", "Slave's brokerId must be > 0", "Slave's brokerId");
    }

    @Override
    boolean answers(LocalBroker broker) {
        return RocketMqProbe.broker(broker.bootstrap()).isPresent();
    }

    @Override
    void use(LocalBroker broker) {
        assertThat(RocketMqProbe.broker(broker.bootstrap())).contains(broker.listenAddress());
        assertThat(broker.describe().version()).contains(RocketMqProcess.VERSION);
        assertThat(broker.logTail(Integer.MAX_VALUE)).contains("boot success");
        Path instance = broker.logFile().orElseThrow().resolveSibling("data");
        assertThat(instance.resolve("commitlog")).exists();
        assertThat(ProcessHandle.current().children()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Override
    void store(LocalBroker broker) throws Exception {
        PlainRocketMq.createTopic(broker.listenAddress(), topic(broker));
    }

    @Override
    void assertStored(LocalBroker broker) throws Exception {
        assertThat(RocketMqProbe.broker(broker.bootstrap())).contains(broker.listenAddress());
        assertThat(PlainRocketMq.topics(broker.listenAddress())).contains('"' + topic(broker) + '"');
    }

    private static String topic(LocalBroker broker) {
        return "stored_at_" + broker.listenAddress().replaceAll("[^0-9]", "_");
    }

    @Test
    void nothingIsWrittenToTheHomeFolder() {
        Path logs = Path.of(System.getProperty("user.home"), "logs", "rocketmqlogs");
        boolean before = Files.exists(logs);
        try (LocalBroker broker = start(OPTIONS)) {
            assertThat(broker.isAlive()).isTrue();
            assertThat(Files.exists(logs)).isEqualTo(before);
        }
    }

    @Test
    void brokerAndNameServerFailAlone() {
        try (RocketMqBroker broker = (RocketMqBroker) start(OPTIONS)) {
            broker.kill();
            assertThat(RocketMqProbe.isNameServer(broker.bootstrap())).isTrue();
            broker.restart();

            broker.killNameServer();
            assertThat(RocketMqProbe.isNameServer(broker.bootstrap())).isFalse();
            assertThat(broker.isAlive()).isTrue();
            broker.restartNameServer();
            assertThat(RocketMqProbe.broker(broker.bootstrap())).contains(broker.listenAddress());
        }
    }

    @Test
    void anAdvertisedAddressIsRefusedWithTheReason() {
        assertThatThrownBy(() -> start(OPTIONS.withAdvertised("127.0.0.1:1")))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("RocketMQ always tells clients its own port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POWER", "PROCESS"})
    void runsWithTheDurabilityClaimed(Durability durability) {
        try (LocalBroker broker = start(OPTIONS.withDurability(durability).withTuning(Tuning.THROUGHPUT))) {
            assertThat(broker.describe().settings())
                    .containsEntry("flushDiskType", durability == Durability.POWER ? "SYNC_FLUSH" : "ASYNC_FLUSH");
            assertThat(broker.describe().launch()).doesNotContain("TieredStopAtLevel");
        }
    }
}
