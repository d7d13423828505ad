package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class KafkaProcessIT {
    private static final BrokerOptions OPTIONS = BrokerOptions.defaults().withVia(Via.PROCESS);

    @TempDir
    Path folder;

    private LocalBroker start(BrokerOptions options) {
        return LocalBrokers.start(BrokerKind.KAFKA, options.withFolder(folder));
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static boolean exists(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void servesThePlainClientAndLeavesNothingBehind() throws Exception {
        LocalBroker broker = start(OPTIONS);
        long pid = broker.pid().orElseThrow();
        try (broker) {
            assertThat(broker.url()).isEqualTo("kafka://" + broker.bootstrap());
            assertThat(broker.isAlive()).isTrue();
            PlainKafka.createTopic(broker.bootstrap(), "orders");
            PlainKafka.send(broker.bootstrap(), "orders", "one", "two");
            assertThat(PlainKafka.read(broker.bootstrap(), "orders", 2)).containsExactly("one", "two");

            assertThat(broker.usage().cpu().orElseThrow()).isPositive();
            assertThat(broker.describe().version()).contains(KafkaProcess.VERSION);
            assertThat(broker.logTail(5).lines()).hasSize(5);
        }
        assertThat(exists(pid)).isFalse();
        assertThat(broker.isAlive()).isFalse();
        assertThat(broker.pid()).isEmpty();
        assertThat(leftovers()).isEmpty();
        broker.close();
        assertThatThrownBy(broker::restart).isInstanceOf(LocalBrokerException.class);
    }

    @Test
    void keepsAcknowledgedDataAcrossKillAndRestartUnderTheSameAddress() throws Exception {
        try (LocalBroker broker = start(OPTIONS)) {
            assertThat(broker.faults()).isEqualTo(Set.of(Fault.KILL, Fault.SUSPEND, Fault.RESTART));
            String url = broker.url();
            long firstPid = broker.pid().orElseThrow();
            PlainKafka.createTopic(broker.bootstrap(), "orders");
            PlainKafka.send(broker.bootstrap(), "orders", "before the crash");

            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            assertThat(exists(firstPid)).isFalse();
            broker.kill();

            broker.restart();
            assertThat(broker.url()).isEqualTo(url);
            assertThat(broker.pid().orElseThrow()).isNotEqualTo(firstPid);
            PlainKafka.send(broker.bootstrap(), "orders", "after it");
            assertThat(PlainKafka.read(broker.bootstrap(), "orders", 2))
                    .containsExactly("before the crash", "after it");
        }
    }

    @Test
    void answersNothingWhileSuspendedAndGoesOnAfterwards() throws Exception {
        try (LocalBroker broker = start(OPTIONS)) {
            broker.suspend();
            assertThat(broker.isAlive()).isTrue();
            assertThat(PlainKafka.answersWithin(broker.bootstrap(), Duration.ofSeconds(2)))
                    .isFalse();
            broker.resume();
            assertThat(PlainKafka.answersWithin(broker.bootstrap(), Duration.ofSeconds(30)))
                    .isTrue();
            broker.suspend();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void runsTwoBrokersSideBySide() throws Exception {
        try (LocalBroker one = start(OPTIONS);
                LocalBroker other = start(OPTIONS)) {
            assertThat(one.bootstrap()).isNotEqualTo(other.bootstrap());
            PlainKafka.createTopic(one.bootstrap(), "orders");
            PlainKafka.createTopic(other.bootstrap(), "orders");
            PlainKafka.send(one.bootstrap(), "orders", "for one");
            PlainKafka.send(other.bootstrap(), "orders", "for the other");
            assertThat(PlainKafka.read(one.bootstrap(), "orders", 1)).containsExactly("for one");
            assertThat(PlainKafka.read(other.bootstrap(), "orders", 1)).containsExactly("for the other");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "suspended"})
    void diesWithAnOwnerThatIsKilled(String state) throws Exception {
        try (ChildJvm owner = ChildJvm.of(BrokerOwnerMain.class)
                .args(folder.toString(), state, "kafka")
                .start()) {
            String line = owner.awaitLine("broker pid", Duration.ofMinutes(2));
            long pid = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            assertThat(exists(pid)).isTrue();

            owner.kill();

            await().atMost(Duration.ofSeconds(15)).until(() -> !exists(pid));
        }
        List<Path> orphaned = leftovers();
        assertThat(orphaned).hasSize(1);
        try (LocalBroker next = start(OPTIONS)) {
            assertThat(next.isAlive()).isTrue();
            assertThat(orphaned.get(0)).doesNotExist();
        }
    }

    @Test
    void endsWithAnOwnerThatForgetsToCloseIt() throws Exception {
        try (ChildJvm owner = ChildJvm.of(BrokerOwnerMain.class)
                .args(folder.toString(), "exit", "kafka")
                .start()) {
            String line = owner.awaitLine("broker pid", Duration.ofMinutes(2));
            assertThat(owner.awaitExit(Duration.ofSeconds(30))).isZero();
            assertThat(exists(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1))))
                    .isFalse();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aBadSettingFailsWithTheLogsTailAndKeepsTheLog() throws Exception {
        assertThatThrownBy(() -> start(OPTIONS.withSetting("num.io.threads", "none")))
                .isInstanceOfSatisfying(BrokerStartException.class, failure -> {
                    assertThat(failure)
                            .hasMessageContaining("before it was ready")
                            .hasMessageContaining("num.io.threads");
                    assertThat(failure.logFile().orElseThrow())
                            .content()
                            .contains("Invalid value none for configuration num.io.threads");
                });
        assertThat(leftovers()).hasSize(1);
        assertThat(leftovers().get(0).resolve("data")).doesNotExist();
    }

    @Test
    void aStartThatTakesTooLongFailsInTimeAndLeavesNoProcess() {
        long before = ProcessHandle.current().children().count();
        assertThatThrownBy(() -> start(OPTIONS.withStartTimeout(Duration.ofMillis(10))))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("was not ready within");
        assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
    }

    @Test
    void anUnusableFolderFailsAtOnce() throws Exception {
        Path file = Files.createFile(folder.resolve("not-a-folder"));
        assertThatThrownBy(() -> LocalBrokers.start(BrokerKind.KAFKA, OPTIONS.withFolder(file)))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("could not create a folder in " + file);
    }

    @Test
    void keptLogsOutliveTheBroker() throws Exception {
        Path log;
        try (LocalBroker broker = start(OPTIONS)) {
            broker.keepLogs();
            log = broker.logFile().orElseThrow();
        }
        assertThat(log).isNotEmptyFile();
        assertThat(log.resolveSibling("data")).doesNotExist();
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

    @Test
    void anExternalBrokerIsUsedButNeitherBrokenNorEnded() throws Exception {
        try (LocalBroker started = start(OPTIONS)) {
            BrokerOptions options = BrokerOptions.defaults().withExternalUrl(started.url());
            try (LocalBroker external = LocalBrokers.start(BrokerKind.KAFKA, options)) {
                assertThat(external.url()).isEqualTo(started.url());
                assertThat(external.faults()).isEmpty();
                assertThat(external.describe().via()).isEqualTo(Via.EXTERNAL);
                assertThatThrownBy(external::kill)
                        .isInstanceOfSatisfying(
                                UnsupportedFaultException.class,
                                e -> assertThat(e.fault()).isEqualTo(Fault.KILL))
                        .hasMessageContaining("external");
                assertThatThrownBy(external::suspend).isInstanceOf(UnsupportedFaultException.class);
                assertThatThrownBy(external::resume).isInstanceOf(UnsupportedFaultException.class);
                assertThatThrownBy(external::restart).isInstanceOf(UnsupportedFaultException.class);
            }
            assertThat(PlainKafka.answersWithin(started.bootstrap(), Duration.ofSeconds(30)))
                    .isTrue();
        }
    }
}
