package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of every broker that is started as a process. A vendor's own test defines how its broker is used.
 *
 * <p>Limits are for a broken broker, not for a slow machine: nothing waits for them when all is well.
 */
@Timeout(300)
abstract class LocalProcessContract {
    static final BrokerOptions OPTIONS = BrokerOptions.defaults().withVia(Via.PROCESS);
    static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** A setting that the server refuses. */
    record BadSetting(String key, String value, String inMessage, String inLog) {}

    abstract BrokerKind kind();

    abstract BadSetting badSetting();

    /** Asks once, for 2 s at most. */
    abstract boolean answers(LocalBroker broker) throws Exception;

    /** Uses a fresh broker as its clients do, and looks at what is the vendor's own. */
    abstract void use(LocalBroker broker) throws Exception;

    /** Options with which what is confirmed survives a kill. */
    BrokerOptions durable() {
        return OPTIONS;
    }

    /** Writes what must survive a kill. */
    abstract void store(LocalBroker broker) throws Exception;

    /** Looks for what {@link #store} has written to this broker, and that it can be used. */
    abstract void assertStored(LocalBroker broker) throws Exception;

    void assertSuspended(LocalBroker broker) throws Exception {
        assertThat(answers(broker)).isFalse();
    }

    /** The part of the URL before the address. */
    String urlPrefix() {
        return kind().urlScheme() + "://";
    }

    final LocalBroker start(BrokerOptions options) {
        return LocalBrokers.start(kind(), options.withFolder(folder));
    }

    final List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    final void awaitAnswer(LocalBroker broker) {
        await().atMost(LIMIT).until(() -> answers(broker));
    }

    static boolean exists(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    static Set<Long> descendants(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .descendants()
                .map(ProcessHandle::pid)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /**
     * The processes below this JVM that were not there before; those of an earlier test may still be on their way out.
     */
    private static Set<Long> newDescendants(Set<Long> before) {
        Set<Long> now = descendants(ProcessHandle.current().pid());
        now.removeAll(before);
        return now;
    }

    private static Set<Long> newChildren(Set<Long> before) {
        return ProcessHandle.current()
                .children()
                .map(ProcessHandle::pid)
                .filter(pid -> !before.contains(pid))
                .collect(Collectors.toSet());
    }

    @Test
    void servesClientsAndLeavesNothingBehind() throws Exception {
        Set<Long> before = descendants(ProcessHandle.current().pid());
        LocalBroker broker = start(OPTIONS);
        Set<Long> processes;
        try (broker) {
            assertThat(broker.kind()).isEqualTo(kind());
            assertThat(broker.url()).isEqualTo(urlPrefix() + broker.bootstrap());
            assertThat(broker.isAlive()).isTrue();
            use(broker);
            assertThat(broker.usage().cpu().orElseThrow()).isPositive();
            assertThat(broker.describe().kind()).isEqualTo(kind());
            assertThat(broker.describe().via()).isEqualTo(Via.PROCESS);
            processes = newDescendants(before);
            assertThat(processes).contains(broker.pid().orElseThrow());
            assertThat(ListeningSockets.open(processes.stream().flatMap(pid -> ProcessHandle.of(pid).stream())))
                    .as("sockets that other machines can reach")
                    .isEmpty();
        }
        assertThat(newChildren(before)).isEmpty();
        // Grandchildren end by themselves once their parent is gone.
        await().atMost(LIMIT).until(() -> processes.stream().noneMatch(LocalProcessContract::exists));
        assertThat(broker.isAlive()).isFalse();
        assertThat(broker.pid()).isEmpty();
        assertThat(leftovers()).isEmpty();
        broker.close();
        assertThatThrownBy(broker::restart).isInstanceOf(LocalBrokerException.class);
    }

    @Test
    void keepsWhatItHasConfirmedAcrossAKillUnderTheSameAddress() throws Exception {
        try (LocalBroker broker = start(durable())) {
            assertThat(broker.faults()).isEqualTo(Set.of(Fault.KILL, Fault.SUSPEND, Fault.RESTART));
            String url = broker.url();
            long firstPid = broker.pid().orElseThrow();
            store(broker);

            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            assertThat(exists(firstPid)).isFalse();
            assertThat(answers(broker)).isFalse();
            broker.kill();

            broker.restart();
            assertThat(broker.url()).isEqualTo(url);
            assertThat(broker.pid().orElseThrow()).isNotEqualTo(firstPid);
            assertStored(broker);
        }
    }

    @Test
    void answersNothingWhileSuspendedAndGoesOnAfterwards() throws Exception {
        try (LocalBroker broker = start(OPTIONS)) {
            broker.suspend();
            assertThat(broker.isAlive()).isTrue();
            assertSuspended(broker);
            broker.resume();
            awaitAnswer(broker);
            broker.suspend();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void runsTwoBrokersSideBySide() throws Exception {
        try (LocalBroker one = start(OPTIONS);
                LocalBroker other = start(OPTIONS)) {
            assertThat(one.bootstrap()).isNotEqualTo(other.bootstrap());
            store(one);
            store(other);
            assertStored(one);
            assertStored(other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "suspended"})
    void diesWithAnOwnerThatIsKilled(String state) throws Exception {
        try (ChildJvm owner = ChildJvm.of(BrokerOwnerMain.class)
                .args(folder.toString(), state, kind().scheme())
                .start()) {
            String line = owner.awaitLine("broker pid", Duration.ofMinutes(2));
            Set<Long> processes = descendants(owner.pid());
            assertThat(processes).contains(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));

            owner.kill();

            await().atMost(LIMIT).until(() -> processes.stream().noneMatch(LocalProcessContract::exists));
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
                .args(folder.toString(), "exit", kind().scheme())
                .start()) {
            String line = owner.awaitLine("broker pid", Duration.ofMinutes(2));
            assertThat(owner.awaitExit(LIMIT)).isZero();
            assertThat(exists(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1))))
                    .isFalse();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aBadSettingFailsWithTheLogsTailAndKeepsTheLog() throws Exception {
        BadSetting bad = badSetting();
        assertThatThrownBy(() -> start(OPTIONS.withSetting(bad.key(), bad.value())))
                .isInstanceOfSatisfying(BrokerStartException.class, failure -> {
                    assertThat(failure)
                            .hasMessageContaining("before it was ready")
                            .hasMessageContaining("Log:")
                            .hasMessageContaining(bad.inMessage());
                    assertThat(failure.logFile().orElseThrow()).content().contains(bad.inLog());
                });
        assertThat(leftovers()).hasSize(1);
        assertThat(leftovers().get(0).resolve("data")).doesNotExist();
    }

    @Test
    void aStartThatTakesTooLongFailsInTimeAndLeavesNoProcess() {
        Set<Long> before = descendants(ProcessHandle.current().pid());
        assertThatThrownBy(() -> start(OPTIONS.withStartTimeout(Duration.ofMillis(10))))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("was not ready within");
        assertThat(newChildren(before)).isEmpty();
        await().atMost(LIMIT).until(() -> newDescendants(before).isEmpty());
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
    void anExternalBrokerIsUsedButNeitherBrokenNorEnded() throws Exception {
        try (LocalBroker started = start(OPTIONS)) {
            BrokerOptions options = BrokerOptions.defaults().withExternalUrl(started.url());
            try (LocalBroker external = LocalBrokers.start(kind(), options)) {
                assertThat(external.url()).isEqualTo(started.url());
                assertThat(external.bootstrap()).isEqualTo(started.bootstrap());
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
            awaitAnswer(started);
        }
    }
}
