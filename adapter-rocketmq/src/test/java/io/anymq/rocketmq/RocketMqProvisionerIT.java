package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.support.Declaration;
import io.anymq.tck.brokers.ProvisionerContract;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RocketMqProvisionerIT extends ProvisionerContract {
    private RocketMqConnection connection;
    private String name;

    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.ROCKETMQ, Map.of(RocketMqConfig.QUEUES, "5")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RocketMqConnection.open(context);
    }

    @Override
    protected void delete(Setup setup, Address address) throws Exception {
        SharedBroker.plain().deleteTopic(RocketMqNames.topic(address));
    }

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of(RocketMqConfig.QUEUES, "5"));
        name = SpiContext.uniqueName("provision");
    }

    @AfterEach
    void close() {
        connection.close(BOUND);
    }

    @Test
    void topicsAreCreatedAsConfigured() throws Exception {
        Queue queue = Queue.of(name);
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        assertThat(SharedBroker.plain().queues(name)).isEqualTo(5);
        String group = RocketMqNames.group(Address.OfSource.of(queue));
        assertThat(SharedBroker.plain().queues(RocketMqNames.redeliveryTopic(group)))
                .isEqualTo(1);
        assertThat(SharedBroker.plain().queues(RocketMqNames.marksTopic(group))).isEqualTo(6);
    }

    @Test
    void totalOrderHasOneMessageQueueAndRefusesMore() throws Exception {
        Address one = new Address.OfQueue(Queue.of(name).totalOrder());
        connection.provision(one, ProvisionMode.CREATE);
        assertThat(SharedBroker.plain().queues(name)).isEqualTo(1);
        connection.provision(new Address.OfQueue(Queue.of(name + "-many")), ProvisionMode.CREATE);
        Address many = new Address.OfQueue(Queue.of(name + "-many").totalOrder());
        fails(ErrorCode.MISMATCH, "has 5", () -> connection.provision(many, ProvisionMode.CREATE));
        fails(ErrorCode.MISMATCH, "has 5", () -> connection.provision(many, ProvisionMode.VALIDATE));
        fails(ErrorCode.MISMATCH, "has 5", () -> connection.openSender(many, new SenderOptions(10, BOUND)));
    }

    @Test
    void aMissingGroupAndAMissingMarksTopicAreNamed() {
        connection.provision(new Address.OfTopic(Topic.of(name)), ProvisionMode.CREATE);
        Address subscription = new Address.OfSubscription(Topic.of(name).subscription("absent"));
        fails(
                ErrorCode.NOT_FOUND,
                "-" + name + "-absent",
                () -> connection.provision(subscription, ProvisionMode.VALIDATE));
        fails(
                ErrorCode.NOT_FOUND,
                "anymq-marks-",
                () -> new SteppedReceiver(connection, subscription, name, 10).close());
    }

    @Test
    void aTopicMadeElsewhereIsDeclaredByTheFirstThatMayCreateAndKeepsItsSettings() throws Exception {
        String made = SharedBroker.plain().createQueue(name);
        Address perKey = new Address.OfQueue(Queue.of(name), made);
        Address unordered = new Address.OfQueue(Queue.of(name).unordered(), made);
        connection.provision(unordered, ProvisionMode.VALIDATE);
        connection.provision(perKey, ProvisionMode.VALIDATE);
        TopicConfig before = SharedBroker.plain().topic(made);
        assertThat(before.getTopicSysFlag()).isZero();
        connection.provision(perKey, ProvisionMode.CREATE);
        fails(ErrorCode.MISMATCH, made, () -> connection.provision(unordered, ProvisionMode.VALIDATE));
        fails(ErrorCode.MISMATCH, "PER_KEY", () -> connection.openSender(unordered, new SenderOptions(10, BOUND)));
        TopicConfig after = SharedBroker.plain().topic(made);
        assertThat(RocketMqDeclarations.in(after.getTopicSysFlag())).isEqualTo(Declaration.of(perKey, null));
        after.setTopicSysFlag(0);
        assertThat(after.encode()).as("all other settings").isEqualTo(before.encode());
    }

    @Test
    void aDeclarationOfANewerVersionIsRefused() {
        Address address = new Address.OfQueue(Queue.of(name));
        assertThat(RocketMqDeclarations.flags(address)).isEqualTo(2 << 16);
        assertThat(RocketMqDeclarations.flags(new Address.OfTopic(Topic.of(name).totalOrder())))
                .isEqualTo(6 << 16);
        fails(ErrorCode.MISMATCH, "newer version", () -> RocketMqDeclarations.require(address, (9 << 16) | 1));
        RocketMqDeclarations.require(address, 3);
    }

    @Test
    void namesOfRocketMqsOwnTopicsCanBeUsed() throws Exception {
        for (String taken : List.of("TBW102", "SCHEDULE_TOPIC_XXXX")) {
            Address address = new Address.OfQueue(Queue.of(taken));
            connection.provision(address, ProvisionMode.CREATE);
            Outgoing message = Outgoing.text("id", "k", "x");
            connection.openSender(address, new SenderOptions(10, BOUND)).send(message);
            assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        }
    }
}
