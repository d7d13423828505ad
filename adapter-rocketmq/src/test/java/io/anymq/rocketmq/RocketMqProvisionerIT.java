package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RocketMqProvisionerIT {
    private static final Duration BOUND = Duration.ofSeconds(5);

    private RocketMqConnection connection;
    private String name;

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of(RocketMqConfig.QUEUES, "5"));
        name = SpiContext.uniqueName("provision");
    }

    @AfterEach
    void close() {
        connection.close(BOUND);
    }

    private static void fails(ErrorCode code, String says, ThrowingCallable call) {
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(call)
                .withMessageContaining(says)
                .satisfies(error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void topicsAreCreatedAsConfigured() throws Exception {
        Queue queue = Queue.of(name);
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        connection.provision(address, ProvisionMode.CREATE);
        connection.provision(address, ProvisionMode.VALIDATE);
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
    void whatIsMissingIsNamed() {
        Address queue = new Address.OfQueue(Queue.of(name));
        fails(ErrorCode.NOT_FOUND, "anymq.provision=create", () -> connection.provision(queue, ProvisionMode.VALIDATE));
        connection.provision(queue, ProvisionMode.NONE);
        fails(ErrorCode.NOT_FOUND, name, () -> connection.openSender(queue, new SenderOptions(10, BOUND)));
        fails(
                ErrorCode.NOT_FOUND,
                name,
                () -> connection.openReceiver(queue, new ReceiverOptions(name, 10, BOUND), new NoListener()));
        connection.provision(new Address.OfTopic(Topic.of(name)), ProvisionMode.CREATE);
        Address subscription = new Address.OfSubscription(Topic.of(name).subscription("absent"));
        fails(
                ErrorCode.NOT_FOUND,
                "-" + name + "-absent",
                () -> connection.provision(subscription, ProvisionMode.VALIDATE));
        fails(
                ErrorCode.NOT_FOUND,
                "anymq-marks-",
                () -> connection.openReceiver(subscription, new ReceiverOptions(name, 10, BOUND), new NoListener()));
    }

    @Test
    void manyMayProvisionAtOnce() {
        Address address = new Address.OfSubscription(Topic.of(name).subscription("s"));
        CompletableFuture.allOf(IntStream.range(0, 6)
                        .mapToObj(i ->
                                CompletableFuture.runAsync(() -> connection.provision(address, ProvisionMode.CREATE)))
                        .toArray(CompletableFuture[]::new))
                .join();
        connection.provision(address, ProvisionMode.VALIDATE);
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

    private static final class NoListener implements LaneListener {
        @Override
        public void lanesRevoked(java.util.Collection<io.anymq.spi.Lane> lanes) {}

        @Override
        public void lanesLost(java.util.Collection<io.anymq.spi.Lane> lanes) {}
    }
}
