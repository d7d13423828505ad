package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("rabbitmq")
@Tag("rabbitmq-process")
@Timeout(180)
class RabbitMqProcessIT {
    private static final BrokerOptions OPTIONS = BrokerOptions.defaults().withVia(Via.PROCESS);

    @TempDir
    Path folder;

    private LocalBroker start(BrokerOptions options) {
        return LocalBrokers.start(BrokerKind.RABBITMQ, options.withFolder(folder));
    }

    private static Connection connect(String address) throws Exception {
        int colon = address.lastIndexOf(':');
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.substring(0, colon));
        factory.setPort(Integer.parseInt(address.substring(colon + 1)));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(2_000);
        factory.setHandshakeTimeout(2_000);
        return factory.newConnection();
    }

    private static void send(String address, String queue, String body) throws Exception {
        try (Connection connection = connect(address);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(30_000);
        }
    }

    private static String read(String address, String queue) throws Exception {
        try (Connection connection = connect(address);
                Channel channel = connection.createChannel()) {
            var found = channel.basicGet(queue, true);
            return found == null ? "" : new String(found.getBody(), StandardCharsets.UTF_8);
        }
    }

    private static boolean answers(String address) {
        try (Connection connection = connect(address)) {
            return connection.isOpen();
        } catch (Exception e) {
            return false;
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static boolean exists(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** The port mappers, which are grandchildren of this JVM and would outlive a broker if something went wrong. */
    private static List<Long> portMappers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("epmd"))
                .map(ProcessHandle::pid)
                .toList();
    }

    @Test
    void servesThePlainClientAndLeavesNothingBehind() throws Exception {
        LocalBroker broker = start(OPTIONS);
        long pid = broker.pid().orElseThrow();
        List<Long> mappers = portMappers();
        assertThat(mappers).isNotEmpty();
        try (broker) {
            assertThat(broker.url()).isEqualTo("rabbitmq://guest:guest@" + broker.bootstrap());
            send(broker.bootstrap(), "orders", "one");
            assertThat(read(broker.bootstrap(), "orders")).isEqualTo("one");
            assertThat(broker.usage().cpu().orElseThrow()).isPositive();
            assertThat(broker.describe().version().orElseThrow()).matches("[34]\\.\\d+\\..*");
            assertThat(((RabbitMqNode) broker).eval("1 + 1")).isEqualTo("2");
            assertThatThrownBy(() -> ((RabbitMqNode) broker).eval("1 / 0"))
                    .isInstanceOf(LocalBrokerException.class)
                    .hasMessageContaining("badarith");
        }
        assertThat(exists(pid)).isFalse();
        assertThat(mappers).noneMatch(RabbitMqProcessIT::exists);
        assertThat(leftovers()).isEmpty();
        assertThatThrownBy(broker::restart).isInstanceOf(LocalBrokerException.class);
    }

    @Test
    void keepsConfirmedDataAcrossAKillRightAfterTheDeclaration() throws Exception {
        try (LocalBroker broker = start(OPTIONS)) {
            assertThat(broker.faults()).isEqualTo(Set.of(Fault.values()));
            long firstPid = broker.pid().orElseThrow();
            for (int i = 0; i < 5; i++) {
                send(broker.bootstrap(), "orders" + i, "before the crash");
            }
            broker.kill();
            assertThat(exists(firstPid)).isFalse();
            assertThat(answers(broker.bootstrap())).isFalse();
            broker.restart();
            for (int i = 0; i < 5; i++) {
                String queue = "orders" + i;
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> read(broker.bootstrap(), queue).equals("before the crash"));
            }
        }
    }

    @Test
    void answersNothingWhileSuspendedAndGoesOnAfterwards() throws Exception {
        try (LocalBroker broker = start(OPTIONS)) {
            broker.suspend();
            assertThat(broker.isAlive()).isTrue();
            assertThat(answers(broker.bootstrap())).isFalse();
            assertThatThrownBy(() -> ((RabbitMqNode) broker).eval("ok")).isInstanceOf(LocalBrokerException.class);
            broker.resume();
            await().atMost(Duration.ofSeconds(20)).until(() -> answers(broker.bootstrap()));
            broker.suspend();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void runsTwoBrokersSideBySide() throws Exception {
        try (LocalBroker one = start(OPTIONS);
                LocalBroker other = start(OPTIONS)) {
            send(one.bootstrap(), "orders", "for one");
            send(other.bootstrap(), "orders", "for the other");
            assertThat(read(one.bootstrap(), "orders")).isEqualTo("for one");
            assertThat(read(other.bootstrap(), "orders")).isEqualTo("for the other");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "suspended"})
    void nodeAndPortMapperDieWithAnOwnerThatIsKilled(String state) throws Exception {
        try (ChildJvm owner = ChildJvm.of(BrokerOwnerMain.class)
                .args(folder.toString(), state, "rabbitmq")
                .start()) {
            String line = owner.awaitLine("broker pid", Duration.ofMinutes(2));
            long pid = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            List<Long> mappers = portMappers();
            assertThat(exists(pid)).isTrue();
            assertThat(mappers).isNotEmpty();

            owner.kill();

            await().atMost(Duration.ofSeconds(15)).until(() -> !exists(pid));
            await().atMost(Duration.ofSeconds(15)).until(() -> mappers.stream().noneMatch(RabbitMqProcessIT::exists));
        }
    }

    @Test
    void aBadSettingFailsWithTheLogsTailAndKeepsTheLog() throws Exception {
        assertThatThrownBy(() -> start(OPTIONS.withSetting("channel_max", "many")))
                .isInstanceOfSatisfying(BrokerStartException.class, failure -> {
                    assertThat(failure)
                            .hasMessageContaining("before it was ready")
                            .hasMessageContaining("failed_to_prepare_configuration");
                    assertThat(failure.logFile().orElseThrow()).content().contains("channel_max");
                });
        assertThat(leftovers()).hasSize(1);
        assertThat(leftovers().get(0).resolve("data")).doesNotExist();
    }

    @Test
    void aStartThatTakesTooLongFailsInTimeAndLeavesNoProcess() {
        long before = ProcessHandle.current().descendants().count();
        assertThatThrownBy(() -> start(OPTIONS.withStartTimeout(Duration.ofMillis(10))))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("was not ready within");
        assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before);
    }

    @Test
    void anExternalBrokerIsUsedButNeitherBrokenNorEnded() {
        try (LocalBroker started = start(OPTIONS)) {
            String url = "rabbitmq://guest:guest@" + started.bootstrap() + "/%2F";
            try (LocalBroker external = LocalBrokers.start(
                    BrokerKind.RABBITMQ, BrokerOptions.defaults().withExternalUrl(url))) {
                assertThat(external.url()).isEqualTo(url);
                assertThat(external.bootstrap()).isEqualTo(started.bootstrap());
                assertThat(external.describe().version())
                        .isEqualTo(started.describe().version());
                assertThat(external.describe().launch()).doesNotContain("guest");
                assertThat(external.faults()).isEmpty();
                assertThatThrownBy(external::kill).isInstanceOf(UnsupportedFaultException.class);
            }
            assertThat(answers(started.bootstrap())).isTrue();
        }
    }
}
