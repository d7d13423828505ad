package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.brokers.RocketMqBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.brokers.OutageContract;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A broker that dies, one that is not there, and one that is something else: all end in time and leave nothing behind.
 */
class RocketMqOutageIT extends OutageContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.ROCKETMQ, BrokerOptions.defaults(), Map.of(RocketMqConfig.QUEUES, "2")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RocketMqConnection.open(context);
    }

    @Override
    protected Refusal somethingElseThere() {
        return new Refusal(ErrorCode.UNAVAILABLE, "is not a RocketMQ name server");
    }

    @Override
    protected boolean receiverEndsWithTheBroker() {
        return false;
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void nothingThatWasConfirmedIsLostWhenTheBrokerIsKilledInTheMiddle(Durability durability) throws Exception {
        BrokerOptions options = BrokerOptions.defaults().withDurability(durability);
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ, options)) {
            RocketMqConnection connection = RocketMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("middle"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(10_000, SHORT));
            List<Outgoing> sent = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                Outgoing message = Outgoing.text("m" + i, "k" + i % 7, "x".repeat(500));
                sent.add(message);
                sender.send(message);
                if (i == 1_000) {
                    sent.get(100).await(BOUND);
                    broker.kill();
                }
            }
            Set<String> confirmed = new HashSet<>();
            for (Outgoing message : sent) {
                if (message.await(BOUND).outcome() == Outgoing.Outcome.CONFIRMED) {
                    confirmed.add(message.id());
                }
            }
            assertThat(confirmed).hasSizeBetween(100, 2_999);
            broker.restart();
            Set<String> rejected = new HashSet<>();
            for (Outgoing message : sent) {
                if (message.await(BOUND).outcome() == Outgoing.Outcome.REJECTED) {
                    rejected.add(message.id());
                }
            }
            Set<String> seen = new HashSet<>();
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "middle", 1_000)) {
                await().atMost(BOUND).until(() -> {
                    List<InboundMessage> some = receiver.receive(1_000, Duration.ofMillis(100));
                    some.forEach(message -> seen.add(message.id()));
                    receiver.acknowledge(some);
                    return seen.containsAll(confirmed);
                });
            }
            assertThat(seen).doesNotContainAnyElementsOf(rejected);
            sender.close(BOUND);
            connection.close(BOUND);
        }
        noThreadsLeft();
    }

    @Test
    void aNameServerIsNotNeededForWhatIsOpen() throws Exception {
        try (RocketMqBroker broker = (RocketMqBroker) LocalBrokers.start(BrokerKind.ROCKETMQ)) {
            RocketMqConnection connection = RocketMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("open"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "open", 100)) {
                broker.killNameServer();
                for (int i = 0; i < 10; i++) {
                    Outgoing.text("m" + i, "k", "x").sendTo(sender, BOUND);
                    receiver.acknowledge(receiver.receiveCount(1));
                }
                assertThat(connection.probe(SHORT).status()).isEqualTo(Health.Status.DOWN);
                Address other = new Address.OfQueue(Queue.of("other"));
                long start = System.nanoTime();
                assertThatExceptionOfType(MessagingException.class)
                        .isThrownBy(() -> connection.provision(other, ProvisionMode.CREATE))
                        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                        .satisfies(error -> assertThat(error.isRetryable()).isTrue());
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));

                broker.restartNameServer();
                await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
                connection.provision(other, ProvisionMode.CREATE);
            }
            sender.close(BOUND);
            connection.close(BOUND);
        }
    }

    @Test
    void aBrokerThatIsAwayIsNotAMissingTopic() {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ)) {
            RocketMqConnection connection = RocketMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("away"));
            connection.provision(address, ProvisionMode.CREATE);
            broker.kill();
            unavailable(connection, address, ProvisionMode.CREATE);
            // Until the name server has noticed, it says that the broker is there, and that a new topic is not.
            await().atMost(BOUND).untilAsserted(() -> unavailable(connection, address, ProvisionMode.VALIDATE));
            Address unknown = new Address.OfQueue(Queue.of("new"));
            unavailable(connection, unknown, ProvisionMode.VALIDATE);
            unavailable(connection, unknown, ProvisionMode.CREATE);
            connection.close(BOUND);
            refused(broker.url(), new Refusal(ErrorCode.UNAVAILABLE, "no broker is registered"));
        }
    }

    private static void unavailable(RocketMqConnection connection, Address address, ProvisionMode mode) {
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> connection.provision(address, mode))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aDelayBeyondTheBrokersIsRefusedWithTheCure() throws Exception {
        BrokerOptions options = BrokerOptions.defaults().withSetting("timerMaxDelaySec", "60");
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ, options)) {
            RocketMqConnection connection = RocketMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("late"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            Outgoing late = Outgoing.text("late", null, "x");
            late.deliverAtMillis(System.currentTimeMillis() + 3_600_000);
            sender.send(late);
            Outgoing.Ended ended = late.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(ended.error()).hasMessageContaining("timerMaxDelaySec");
            sender.close(BOUND);
            connection.close(BOUND);
        }
    }
}
