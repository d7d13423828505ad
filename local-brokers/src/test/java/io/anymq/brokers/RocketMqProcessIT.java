package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That it keeps what it has confirmed is proved with clients, in the adapter's own tests. */
@Timeout(180)
class RocketMqProcessIT {
    private static final BrokerOptions OPTIONS = BrokerOptions.defaults().withVia(Via.PROCESS);

    @TempDir
    Path folder;

    private RocketMqBroker start(BrokerOptions options) {
        return (RocketMqBroker) LocalBrokers.start(BrokerKind.ROCKETMQ, options.withFolder(folder));
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
    void answersAndLeavesNothingBehind() throws Exception {
        RocketMqBroker broker = start(OPTIONS);
        long pid = broker.pid().orElseThrow();
        long children = ProcessHandle.current().children().count();
        assertThat(children).isGreaterThanOrEqualTo(2);
        try (broker) {
            assertThat(broker.url()).isEqualTo("rocketmq://" + broker.bootstrap());
            assertThat(RocketMqProbe.broker(broker.bootstrap())).contains(broker.listenAddress());
            assertThat(broker.usage().cpu().orElseThrow()).isPositive();
            assertThat(broker.describe().version()).contains(RocketMqProcess.VERSION);
            assertThat(broker.logTail(Integer.MAX_VALUE)).contains("boot success");
            Path instance = leftovers().get(0);
            assertThat(instance.resolve("data").resolve("commitlog")).exists();
        }
        assertThat(exists(pid)).isFalse();
        assertThat(ProcessHandle.current().children().count()).isEqualTo(children - 2);
        assertThat(leftovers()).isEmpty();
        broker.close();
        assertThatThrownBy(broker::restart).isInstanceOf(LocalBrokerException.class);
    }

    @Test
    void nothingIsWrittenToTheHomeFolder() throws Exception {
        Path logs = Path.of(System.getProperty("user.home"), "logs", "rocketmqlogs");
        boolean before = Files.exists(logs);
        try (RocketMqBroker broker = start(OPTIONS)) {
            assertThat(broker.isAlive()).isTrue();
            assertThat(Files.exists(logs)).isEqualTo(before);
        }
    }

    @Test
    void comesBackUnderTheSameAddress() {
        try (RocketMqBroker broker = start(OPTIONS)) {
            assertThat(broker.faults()).isEqualTo(Set.of(Fault.KILL, Fault.SUSPEND, Fault.RESTART));
            long firstPid = broker.pid().orElseThrow();
            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            assertThat(exists(firstPid)).isFalse();
            assertThat(RocketMqProbe.isNameServer(broker.bootstrap())).isTrue();
            broker.kill();

            broker.restart();
            assertThat(broker.pid().orElseThrow()).isNotEqualTo(firstPid);
            assertThat(RocketMqProbe.broker(broker.bootstrap())).contains(broker.listenAddress());
        }
    }

    @Test
    void theNameServerFailsAlone() {
        try (RocketMqBroker broker = start(OPTIONS)) {
            broker.killNameServer();
            assertThat(RocketMqProbe.isNameServer(broker.bootstrap())).isFalse();
            assertThat(broker.isAlive()).isTrue();
            broker.restartNameServer();
            assertThat(RocketMqProbe.broker(broker.bootstrap())).contains(broker.listenAddress());
        }
    }

    @Test
    void answersNothingWhileSuspendedAndGoesOnAfterwards() throws Exception {
        try (RocketMqBroker broker = start(OPTIONS)) {
            broker.suspend();
            assertThat(broker.isAlive()).isTrue();
            assertThat(RocketMqProbe.broker(broker.bootstrap())).isEmpty();
            broker.resume();
            RocketMqProbe.awaitBroker(broker.bootstrap(), Duration.ofSeconds(30));
            broker.suspend();
        }
        assertThat(leftovers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "suspended"})
    void diesWithAnOwnerThatIsKilled(String state) throws Exception {
        try (ChildJvm owner = ChildJvm.of(BrokerOwnerMain.class)
                .args(folder.toString(), state, "rocketmq")
                .start()) {
            String line = owner.awaitLine("broker pid", Duration.ofMinutes(2));
            long pid = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            List<Long> servers = ProcessHandle.of(owner.pid())
                    .orElseThrow()
                    .children()
                    .map(ProcessHandle::pid)
                    .toList();
            assertThat(servers).hasSizeGreaterThanOrEqualTo(2).contains(pid);

            owner.kill();

            await().atMost(Duration.ofSeconds(15)).until(() -> servers.stream().noneMatch(RocketMqProcessIT::exists));
        }
        List<Path> orphaned = leftovers();
        assertThat(orphaned).hasSize(1);
        try (RocketMqBroker next = start(OPTIONS)) {
            assertThat(next.isAlive()).isTrue();
            assertThat(orphaned.get(0)).doesNotExist();
        }
    }

    @Test
    void aBadSettingFailsWithTheLogsTailAndKeepsTheLog() throws Exception {
        assertThatThrownBy(() -> start(OPTIONS.withSetting("brokerRole", "SLAVE")))
                .isInstanceOfSatisfying(BrokerStartException.class, failure -> {
                    assertThat(failure)
                            .hasMessageContaining("before it was ready")
                            .hasMessageContaining("Slave's brokerId must be > 0");
                    assertThat(failure.logFile().orElseThrow()).content().contains("Slave's brokerId");
                });
        assertThat(leftovers()).hasSize(1);
        assertThat(leftovers().get(0).resolve("data")).doesNotExist();
    }

    @Test
    void anAdvertisedAddressIsRefusedWithTheReason() {
        assertThatThrownBy(() -> start(OPTIONS.withAdvertised("127.0.0.1:1")))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("RocketMQ tells clients the port that it listens on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POWER", "PROCESS"})
    void runsWithTheDurabilityClaimed(Durability durability) {
        try (RocketMqBroker broker = start(OPTIONS.withDurability(durability).withTuning(Tuning.THROUGHPUT))) {
            assertThat(broker.describe().settings())
                    .containsEntry("flushDiskType", durability == Durability.POWER ? "SYNC_FLUSH" : "ASYNC_FLUSH");
            assertThat(broker.describe().launch()).doesNotContain("TieredStopAtLevel");
        }
    }

    @Test
    void anExternalBrokerIsUsedButNeitherBrokenNorEnded() {
        try (RocketMqBroker started = start(OPTIONS)) {
            BrokerOptions options = BrokerOptions.defaults().withExternalUrl(started.url());
            try (LocalBroker external = LocalBrokers.start(BrokerKind.ROCKETMQ, options)) {
                assertThat(external.url()).isEqualTo(started.url());
                assertThat(external.faults()).isEmpty();
                assertThatThrownBy(external::kill).isInstanceOf(UnsupportedFaultException.class);
            }
            assertThat(started.isAlive()).isTrue();
        }
    }
}
