package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class ActiveMqProcessIT {
    private static final BrokerOptions OPTIONS =
            BrokerOptions.defaults().withVia(Via.PROCESS).withDurability(Durability.POWER);

    @TempDir
    Path folder;

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Connection connect(LocalBroker broker) throws JMSException {
        Connection connection = new ActiveMQConnectionFactory("tcp://" + broker.bootstrap()).createConnection();
        connection.start();
        return connection;
    }

    private static void send(LocalBroker broker, String text) throws JMSException {
        try (Connection connection = connect(broker);
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue("orders"))) {
            producer.send(session.createTextMessage(text));
        }
    }

    private static String receive(LocalBroker broker) throws JMSException {
        try (Connection connection = connect(broker);
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue("orders"))) {
            return ((TextMessage) consumer.receive(20_000)).getText();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void keepsConfirmedDataAcrossAKillAndLeavesNothingBehind(BrokerKind kind) throws Exception {
        LocalBroker broker = LocalBrokers.start(kind, OPTIONS.withFolder(folder));
        long pid = broker.pid().orElseThrow();
        try (broker) {
            assertThat(broker.url()).isEqualTo("activemq://" + broker.bootstrap());
            assertThat(broker.faults()).isEqualTo(Set.of(Fault.values()));
            assertThat(broker.describe().version()).isPresent();
            send(broker, "before the kill");
            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            broker.restart();
            assertThat(broker.pid().orElseThrow()).isNotEqualTo(pid);
            assertThat(receive(broker)).isEqualTo("before the kill");
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(leftovers()).isEmpty();
        assertThatThrownBy(broker::restart).isInstanceOf(LocalBrokerException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void answersNothingWhileSuspendedAndGoesOnAfterwards(BrokerKind kind) {
        try (LocalBroker broker = LocalBrokers.start(kind, OPTIONS.withFolder(folder))) {
            broker.suspend();
            assertThat(broker.isAlive()).isTrue();
            assertThat(ActiveMqProbe.answers(broker.bootstrap())).isFalse();
            broker.resume();
            ActiveMqProbe.awaitAnswer(broker.bootstrap(), OPTIONS.startTimeout());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void anUnknownSettingFailsTheStartAndKeepsTheLog(BrokerKind kind) throws Exception {
        String setting = kind == BrokerKind.ACTIVEMQ ? "broker.noSuchSetting" : "no-such-setting";
        BrokerOptions options = OPTIONS.withFolder(folder).withSetting(setting, "1");
        assertThatThrownBy(() -> LocalBrokers.start(kind, options))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("Log:");
        assertThat(leftovers()).hasSize(1);
    }
}
