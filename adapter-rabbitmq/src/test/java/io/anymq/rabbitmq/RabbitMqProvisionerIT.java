package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.brokers.ProvisionerContract;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Declarations, mismatches, and queues that others made. */
@Tag("rabbitmq")
class RabbitMqProvisionerIT extends ProvisionerContract {
    private static final SenderOptions SEND = new SenderOptions(100, BOUND);

    private RabbitMqConnection connection;

    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.RABBITMQ, Map.of("lanes", "4")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RabbitMqConnection.open(context);
    }

    /** The declaration is asked for when a destination is provisioned. */
    @Override
    protected boolean comparesWhenItOpens() {
        return false;
    }

    @Override
    protected void delete(Setup setup, Address address) throws Exception {
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            if (address instanceof Address.OfTopic topic) {
                channel.exchangeDelete(topic.topic().name());
                return;
            }
            String queue = RabbitMqNames.queue(address);
            for (int lane = 0; lane < 4; lane++) {
                channel.queueDelete(RabbitMqNames.lane(queue, lane));
            }
            channel.queueDelete(RabbitMqNames.quorum(RabbitMqNames.members(queue)));
        }
    }

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of("lanes", "4"));
    }

    @AfterEach
    void close() {
        connection.close(BOUND);
    }

    private static Address.OfQueue queue(Queue queue) {
        return new Address.OfQueue(queue);
    }

    @Test
    void theServerKeepsTheNumberOfLanes() {
        Queue queue = Queue.of(SpiContext.uniqueName("lanes"));
        connection.provision(queue(queue), ProvisionMode.CREATE);
        connection.provision(queue(queue), ProvisionMode.CREATE);
        connection.provision(queue(queue), ProvisionMode.VALIDATE);
        for (String other : List.of("2", "8")) {
            RabbitMqConnection second = SharedBroker.connect(Map.of("lanes", other));
            try {
                fails(
                        ErrorCode.MISMATCH,
                        "anymq.rabbitmq.lanes",
                        () -> second.provision(queue(queue), ProvisionMode.CREATE));
            } finally {
                second.close(BOUND);
            }
        }
        RabbitMqConnection fewer = SharedBroker.connect(Map.of("lanes", "2"));
        try {
            fails(ErrorCode.MISMATCH, "more than 2 lanes", () -> fewer.openSender(queue(queue), SEND));
        } finally {
            fewer.close(BOUND);
        }
        RabbitMqConnection more = SharedBroker.connect(Map.of("lanes", "8"));
        try {
            fails(ErrorCode.NOT_FOUND, "~4", () -> more.provision(queue(queue), ProvisionMode.VALIDATE));
        } finally {
            more.close(BOUND);
        }
    }

    @Test
    void anotherOrderingOrTypeIsAMismatch() {
        Queue queue = Queue.of(SpiContext.uniqueName("ordering"));
        connection.provision(queue(queue.unordered()), ProvisionMode.CREATE);
        fails(ErrorCode.MISMATCH, "PER_KEY", () -> connection.provision(queue(queue), ProvisionMode.CREATE));
        fails(ErrorCode.MISMATCH, "TOTAL", () -> connection.provision(queue(queue.totalOrder()), ProvisionMode.CREATE));
        RabbitMqConnection classic = SharedBroker.connect(Map.of("queue-type", "classic"));
        try {
            fails(
                    ErrorCode.MISMATCH,
                    "queue-type=classic",
                    () -> classic.provision(queue(queue.unordered()), ProvisionMode.CREATE));
        } finally {
            classic.close(BOUND);
        }
    }

    @Test
    void aQueueOfOnesOwnIsUsedAsItIs() throws Exception {
        String name = SpiContext.uniqueName("own");
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            channel.queueDeclare(name, true, false, false, Map.of("x-max-length", 1_000));
            Address address = queue(Queue.of(name).unordered());
            fails(
                    ErrorCode.MISMATCH,
                    "anymq.provision=validate",
                    () -> connection.provision(address, ProvisionMode.CREATE));
            // The refused declaration allows creating; a user with a queue of his own never asks for it.
            connection.close(BOUND);
            connection = SharedBroker.connect(Map.of());
            connection.provision(address, ProvisionMode.VALIDATE);
            BrokerSender sender = connection.openSender(address, SEND);
            Outgoing.text("one", null, "hello").sendTo(sender, BOUND);
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "own", 10)) {
                List<InboundMessage> first = receiver.receiveCount(1);
                assertThat(first.get(0).id()).isEqualTo("one");
            }
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "own", 10)) {
                List<InboundMessage> again = receiver.receiveCount(1);
                assertThat(again.get(0).deliveryCount()).isEqualTo(1);
                receiver.acknowledge(again);
            }
            sender.close(BOUND);
            assertThat(channel.queueDeclarePassive(name).getMessageCount()).isZero();
        }
    }

    @Test
    void whatCouldNotBeCreatedIsNotDeclared() throws Exception {
        String name = SpiContext.uniqueName("refused");
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            channel.queueDeclare(name, true, false, false, Map.of("x-max-length", 1_000));
            Address unordered = queue(Queue.of(name).unordered());
            fails(
                    ErrorCode.MISMATCH,
                    "exists with other properties",
                    () -> connection.provision(unordered, ProvisionMode.CREATE));
            RabbitMqConnection one = SharedBroker.connect(Map.of("lanes", "1"));
            try {
                one.provision(queue(Queue.of(name)), ProvisionMode.VALIDATE);
            } finally {
                one.close(BOUND);
            }
            channel.exchangeDeclare(RabbitMqDeclarations.exchange(name), "fanout");
        }
    }

    /** Who must not configure the declaration cannot compare, and is not refused for it. */
    @Test
    void validatingNeedsNoPermissionToConfigure() {
        Queue queue = Queue.of(SpiContext.uniqueName("reader")).unordered();
        connection.provision(queue(queue), ProvisionMode.CREATE);
        RabbitMqConnection reader =
                RabbitMqConnection.open(SpiContext.of(SharedBroker.urlOfUser("^$", "^$", ".*"), Map.of()));
        try {
            reader.provision(queue(queue), ProvisionMode.VALIDATE);
        } finally {
            reader.close(BOUND);
        }
    }

    @Test
    void withoutPermissionsTheCureIsNamed() {
        Address address = queue(Queue.of(SpiContext.uniqueName("forbidden")).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        RabbitMqConnection reader =
                RabbitMqConnection.open(SpiContext.of(SharedBroker.urlOfUser("^$", "^$", ".*"), Map.of()));
        try {
            fails(ErrorCode.AUTHORIZATION, "set_permissions", () -> reader.provision(address, ProvisionMode.CREATE));
            BrokerSender sender = reader.openSender(address, SEND);
            for (int i = 0; i < 3; i++) {
                Outgoing refused = Outgoing.text("no" + i, null, "x");
                sender.send(refused);
                Outgoing.Ended ended = refused.await(BOUND);
                assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
                assertThat(ended.error().code()).isEqualTo(ErrorCode.AUTHORIZATION);
            }
            sender.close(BOUND);
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            reader.close(BOUND);
        }
        RabbitMqConnection writer =
                RabbitMqConnection.open(SpiContext.of(SharedBroker.urlOfUser("^$", ".*", "^$"), Map.of()));
        try {
            fails(
                    ErrorCode.AUTHORIZATION,
                    "set_permissions",
                    () -> new SteppedReceiver(writer, address, "forbidden", 10).close());
        } finally {
            writer.close(BOUND);
        }
    }
}
