package io.anymq.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.PlainClient;
import io.anymq.tck.brokers.RoundTripContract;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages from and to plain clients. */
@Tag("rabbitmq")
class RabbitMqRoundTripIT extends RoundTripContract {
    private RabbitMqConnection connection;

    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.RABBITMQ, Map.of("lanes", "2")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RabbitMqConnection.open(context);
    }

    @Override
    protected PlainClient plain(LocalBroker broker) {
        return new RabbitMqPlainClient(broker.bootstrap(), 2);
    }

    @Override
    protected Class<?> nativeMessage() {
        return Delivery.class;
    }

    @Override
    protected boolean tellsPositions() {
        return false;
    }

    @Override
    protected Map<String, String> reservedHeaders() {
        return Map.of("CC", "nowhere", "x-death", "mine");
    }

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of("lanes", "2"));
    }

    @AfterEach
    void close() {
        connection.close(BOUND);
    }

    private BrokerSender sender(Address address) {
        return connection.openSender(address, new SenderOptions(100, BOUND));
    }

    @Test
    void messagesArePersistentAndReservedHeadersTravelEscaped() throws Exception {
        String name = SpiContext.uniqueName("out");
        Address address = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        BrokerSender sender = sender(address);
        Outgoing message = new Outgoing("id-1", null, "body".getBytes(UTF_8), reservedHeaders());
        message.sendTo(sender, BOUND);
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            BasicProperties properties = channel.basicGet(name, true).getProps();
            assertThat(properties.getDeliveryMode()).isEqualTo(2);
            assertThat(properties.getHeaders()).doesNotContainKeys("CC", "x-death");
        }
        sender.close(BOUND);
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // what the client library has for it
    void nativePropertiesOfAPlainClientAreRead() throws Exception {
        String name = SpiContext.uniqueName("in");
        Address address = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish("", name, null, "bare".getBytes(UTF_8));
            channel.basicPublish(
                    "",
                    name,
                    new BasicProperties.Builder()
                            .messageId("m")
                            .contentType("text/plain")
                            .timestamp(new Date(1_700_000_000_000L))
                            .headers(Map.of("mq-key", "k", "number", 7, "x-origin", "plain"))
                            .build(),
                    "rich".getBytes(UTF_8));
            channel.waitForConfirmsOrDie(BOUND.toMillis());
        }
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "in", 10)) {
            List<InboundMessage> got = receiver.receiveCount(2);
            InboundMessage bare = got.get(0);
            assertThat(bare.id()).startsWith("rabbitmq-").hasSizeLessThan(64);
            assertThat(bare.key()).isNull();
            assertThat(bare.contentType()).isEmpty();
            assertThat(bare.sentAtMillis()).isZero();
            assertThat(bare.headers()).isEmpty();
            InboundMessage rich = got.get(1);
            assertThat(rich.id()).isEqualTo("m");
            assertThat(rich.key()).isEqualTo("k");
            assertThat(rich.sentAtMillis()).isEqualTo(1_700_000_000_000L);
            assertThat(rich.headers()).containsExactlyInAnyOrderEntriesOf(Map.of("number", "7", "x-origin", "plain"));
            assertThat(rich.unwrap(Delivery.class).orElseThrow().getBody()).isEqualTo("rich".getBytes(UTF_8));
            assertThat(rich.unwrap(String.class)).isEmpty();
            assertThat(receiver.receiver().unwrap(Channel.class)).isPresent();
            receiver.acknowledge(got);
        }
        assertThat(connection.unwrap(Connection.class)).isPresent();
    }

    @Test
    void aTopicWithoutSubscriptionsTakesMessagesAndAQueueThatIsGoneDoesNot() throws Exception {
        Address topic = new Address.OfTopic(Topic.of(SpiContext.uniqueName("topic")));
        connection.provision(topic, ProvisionMode.CREATE);
        BrokerSender toTopic = sender(topic);
        Outgoing taken = Outgoing.text("taken", "k", "x");
        toTopic.send(taken);
        assertThat(taken.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);

        String name = SpiContext.uniqueName("gone");
        Address address = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        BrokerSender toQueue = sender(address);
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            channel.queueDelete(name);
        }
        Outgoing lost = Outgoing.text("lost", null, "x");
        toQueue.send(lost);
        Outgoing.Ended ended = lost.await(BOUND);
        assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
        assertThat(ended.error().code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(ended.error()).hasMessageContaining("anymq.provision=create");
    }

    @Test
    void everyReceiverGetsItsShareOfTheLanes() throws Exception {
        Address address = new Address.OfQueue(Queue.of(SpiContext.uniqueName("share")));
        connection.provision(address, ProvisionMode.CREATE);
        BrokerSender sender = sender(address);
        try (SteppedReceiver first = new SteppedReceiver(connection, address, "one", 100);
                SteppedReceiver second = new SteppedReceiver(connection, address, "two", 100)) {
            int mine = 0;
            int theirs = 0;
            long end = System.nanoTime() + BOUND.toNanos();
            for (int i = 0; theirs == 0 || mine == 0 || first.revoked().isEmpty(); i++) {
                assertThat(System.nanoTime()).as("both work within the bound").isLessThan(end);
                Outgoing.text("m" + i, "key" + i, "x").sendTo(sender, BOUND);
                List<InboundMessage> some = first.receive(10, Duration.ofMillis(20));
                mine += some.size();
                first.acknowledge(some);
                some = second.receive(10, Duration.ofMillis(20));
                theirs += some.size();
                second.acknowledge(some);
            }
            assertThat(first.revoked()).hasSize(1);
        }
        sender.close(BOUND);
    }

    @Test
    void whatACrashReturnsIsCountedOnceAndAReleaseNotAtAll() throws Exception {
        Address address =
                new Address.OfQueue(Queue.of(SpiContext.uniqueName("count")).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        BrokerSender sender = sender(address);
        for (String id : List.of("begun", "prefetched")) {
            Outgoing message = Outgoing.text(id, null, "x");
            sender.send(message);
            message.await(BOUND);
        }
        for (int close = 0; close < 3; close++) {
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "orderly", 10)) {
                assertThat(receiver.receiveCount(2))
                        .allSatisfy(
                                message -> assertThat(message.deliveryCount()).isEqualTo(1));
            }
        }
        for (int crash = 1; crash <= 4; crash++) {
            RabbitMqConnection dying = SharedBroker.connect(Map.of());
            SteppedReceiver receiver = new SteppedReceiver(dying, address, "dying", 10);
            for (InboundMessage message : receiver.receiveCount(2)) {
                if (message.id().equals("begun")) {
                    assertThat(message.deliveryCount()).isEqualTo(crash);
                    message.attempts(crash);
                } else {
                    assertThat(message.deliveryCount()).isEqualTo(1);
                }
            }
            dying.close(Duration.ofSeconds(5));
            receiver.close();
        }
        sender.close(BOUND);
    }
}
