package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues and exchanges declared by other programs, under physical names. */
@Tag("rabbitmq")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RabbitMqMappedPlacesIT {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final SenderOptions SEND = new SenderOptions(100, BOUND);
    private static final String ACTIVE = "x-single-active-consumer";

    private final RabbitMqConnection connection = SharedBroker.connect(Map.of());
    private final String name = SpiContext.uniqueName("mapped") + ".v1";
    private Connection plain;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        plain = SharedBroker.plain();
        channel = plain.createChannel();
    }

    @AfterEach
    void close() throws Exception {
        plain.close();
        connection.close(BOUND);
    }

    private static void fails(ErrorCode code, String says, Runnable action) {
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(action::run)
                .withMessageContaining(says)
                .satisfies(error -> assertThat(error.code()).isEqualTo(code));
    }

    private Address.OfQueue keyed() {
        return new Address.OfQueue(Queue.of("orders"), name);
    }

    private Address.OfQueue unordered() {
        return new Address.OfQueue(Queue.of("orders").unordered(), name);
    }

    private void receives(Address address) {
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "mapped", 10)) {
            assertThat(receiver).isNotNull();
        } catch (Exception e) {
            throw e instanceof RuntimeException known ? known : new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(ProvisionMode.class)
    void aQueueWithoutASingleActiveConsumerGivesNoOrder(ProvisionMode mode) throws Exception {
        channel.queueDeclare(name, true, false, false, Map.of("x-max-length", 1_000, "x-message-ttl", 60_000L));
        fails(ErrorCode.MISMATCH, "unordered()", () -> {
            connection.provision(keyed(), mode);
            receives(keyed());
        });
        connection.provision(unordered(), mode);
        receives(unordered());
    }

    @ParameterizedTest
    @EnumSource(ProvisionMode.class)
    void aQueueWithOneGivesItWhateverElseItHas(ProvisionMode mode) throws Exception {
        Map<String, Object> arguments = new HashMap<>(Map.of(
                ACTIVE, true, "x-max-length", 1_000, "x-overflow", "reject-publish", "x-dead-letter-exchange", "none"));
        channel.queueDeclare(name, true, false, false, arguments);
        connection.provision(keyed(), mode);
        receives(keyed());
        // nothing has been changed
        channel.queueDeclare(name, true, false, false, arguments);
    }

    @Test
    void quorumQueuesNeedALimitToComeBackInOrder() throws Exception {
        channel.queueDeclare(name, true, false, false, Map.of(ACTIVE, true, "x-queue-type", "quorum"));
        if (RabbitMqServer.of(plain).major() < 4) {
            fails(ErrorCode.MISMATCH, "x-delivery-limit", () -> connection.provision(keyed(), ProvisionMode.CREATE));
        } else {
            connection.provision(keyed(), ProvisionMode.CREATE);
        }
        String limited = name + ".limited";
        channel.queueDeclare(
                limited, true, false, false, Map.of(ACTIVE, true, "x-queue-type", "quorum", "x-delivery-limit", 100));
        connection.provision(new Address.OfQueue(Queue.of("orders"), limited), ProvisionMode.CREATE);
    }

    @Test
    void whatIsMissingIsCreatedInOneLane() throws Exception {
        fails(ErrorCode.NOT_FOUND, name, () -> connection.provision(keyed(), ProvisionMode.VALIDATE));
        connection.provision(keyed(), ProvisionMode.CREATE);
        connection.provision(keyed(), ProvisionMode.CREATE);
        connection.provision(keyed(), ProvisionMode.VALIDATE);
        channel.queueDeclarePassive(name);
        receives(keyed());
    }

    @Test
    void aQueueOfAnyMqsWithLanesIsNoPhysicalOne() {
        Queue lanes = Queue.of(SpiContext.uniqueName("lanes"));
        connection.provision(new Address.OfQueue(lanes), ProvisionMode.CREATE);
        fails(
                ErrorCode.MISMATCH,
                "remove its physical name",
                () -> connection.provision(
                        new Address.OfQueue(Queue.of("orders").unordered(), lanes.name()), ProvisionMode.VALIDATE));
    }

    @Test
    void aDirectExchangeNeedsItsRoutingKey() throws Exception {
        channel.exchangeDeclare(name, "direct", false);
        channel.queueDeclare(name, true, false, false, Map.of());
        channel.queueBind(name, name, "orders.placed");
        Topic topic = Topic.of("events").unordered();
        Address.OfTopic without = new Address.OfTopic(topic, name);
        for (ProvisionMode mode : List.of(ProvisionMode.CREATE, ProvisionMode.VALIDATE)) {
            fails(ErrorCode.MISMATCH, name + "/<routing key>", () -> connection.provision(without, mode));
        }
        fails(ErrorCode.MISMATCH, "direct", () -> connection.openSender(without, SEND));
        Address.OfTopic with = new Address.OfTopic(topic, name + "/orders.placed");
        connection.provision(with, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(with, SEND);
        Outgoing.text("one", null, "hello").sendTo(sender, BOUND);
        assertThat(channel.queueDeclarePassive(name).getMessageCount()).isEqualTo(1);
        sender.close(BOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fanout", "topic", "headers"})
    void otherExchangesTakeWhatComes(String type) throws Exception {
        channel.exchangeDeclare(name, type, true);
        Address.OfTopic topic = new Address.OfTopic(Topic.of("events"), name);
        Address.OfSubscription all =
                new Address.OfSubscription(topic.topic().subscription("all"), name + ".all", topic);
        connection.provision(topic, ProvisionMode.CREATE);
        connection.provision(all, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(topic, SEND);
        Outgoing.text("one", "key", "hello").sendTo(sender, BOUND);
        assertThat(channel.queueDeclarePassive(name + ".all").getMessageCount()).isEqualTo(1);
        sender.close(BOUND);
    }
}
