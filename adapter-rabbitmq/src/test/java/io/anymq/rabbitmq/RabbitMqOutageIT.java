package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.brokers.RabbitMqNode;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broker that dies, is on alarm, refuses, or is not there: all end in time, are named, and leave nothing behind. */
@Tag("rabbitmq")
class RabbitMqOutageIT extends OutageContract {
    @Override
    protected List<Setup> setups() {
        return Stream.of("quorum", "classic")
                .map(type -> new Setup(
                        BrokerKind.RABBITMQ, BrokerOptions.defaults(), Map.of("lanes", "2", "queue-type", type)))
                .toList();
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RabbitMqConnection.open(context);
    }

    @Override
    protected String url(String address) {
        return "rabbitmq://guest:topsecret@" + address;
    }

    @Override
    protected Refusal nobodyThere(String address) {
        return new Refusal(ErrorCode.UNAVAILABLE, "check that the server runs");
    }

    @Override
    protected Refusal unknownHost(String address) {
        return new Refusal(ErrorCode.UNAVAILABLE, "the host is unknown");
    }

    @Override
    protected Refusal somethingElseThere() {
        return new Refusal(ErrorCode.UNAVAILABLE, "anymq.url");
    }

    @Override
    protected Refusal somethingSilentThere() {
        return new Refusal(ErrorCode.TIMEOUT, "within the time-out");
    }

    @Override
    protected boolean isTheAdapters(String threadName) {
        return threadName.contains("anymq-rabbitmq-") || threadName.contains("AMQP Connection");
    }

    @Override
    protected boolean receiverEndsWithTheBroker() {
        return true;
    }

    @Override
    protected void checkSendWhileDown(Outgoing.Ended ended, Duration time) {
        assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
        assertThat(ended.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(time).isLessThan(SHORT);
    }

    @ParameterizedTest
    @CsvSource({
        "vm_memory_monitor:set_vm_memory_high_watermark(0), vm_memory_monitor:set_vm_memory_high_watermark(0.4)",
        "rabbit_disk_monitor:set_disk_free_limit(\"10000GB\"), rabbit_disk_monitor:set_disk_free_limit(1000)"
    })
    void anAlarmHoldsPublishersBackAndNothingElse(String raise, String clear) throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ)) {
            RabbitMqNode node = (RabbitMqNode) broker;
            RabbitMqConnection connection = RabbitMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("alarm").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            List<String> stored = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Outgoing message = Outgoing.text("before" + i, null, "x");
                message.sendTo(sender, BOUND);
                stored.add(message.id());
            }
            node.eval(raise);

            // The first one is on its way when the server says that it has stopped listening.
            List<Outgoing> held = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Outgoing message = Outgoing.text("held" + i, null, "x");
                long start = System.nanoTime();
                sender.send(message);
                Outgoing.Ended ended = message.await(BOUND);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(500));
                assertThat(ended.outcome()).isNotEqualTo(Outgoing.Outcome.CONFIRMED);
                assertThat(ended.error().code())
                        .isEqualTo(raise.contains("disk") ? ErrorCode.FULL : ErrorCode.UNAVAILABLE);
                assertThat(ended.error()).hasMessageContaining("on alarm").hasMessageContaining("free memory or disk");
                assertThat(ended.error().isRetryable()).isTrue();
                if (ended.outcome() == Outgoing.Outcome.UNKNOWN) {
                    held.add(message);
                }
            }
            Health health = connection.probe(SHORT);
            assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(health.detail()).contains("on alarm");

            // Consuming goes on, for it is what ends most alarms.
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "alarm", 100)) {
                List<InboundMessage> got = receiver.receiveCount(10);
                assertThat(got).extracting(InboundMessage::id).containsExactlyElementsOf(stored);
                receiver.acknowledge(got);

                node.eval(clear);
                await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
                Outgoing after = Outgoing.text("after", null, "x");
                after.sendTo(sender, BOUND);
                List<String> ids = new ArrayList<>();
                await().atMost(BOUND).until(() -> {
                    List<InboundMessage> some = receiver.receive(100, Duration.ofMillis(50));
                    some.forEach(message -> ids.add(message.id()));
                    receiver.acknowledge(some);
                    return ids.contains("after");
                });
                List<String> allowed =
                        new ArrayList<>(held.stream().map(Outgoing::id).toList());
                allowed.add("after");
                assertThat(allowed).as("what was rejected never appears").containsAll(ids);
            }
            sender.close(BOUND);
            connection.close(BOUND);
        }
        noThreadsLeft();
    }

    @Test
    void aBodyLargerThanTheServerAllowsIsRefusedByName() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(
                BrokerKind.RABBITMQ, BrokerOptions.defaults().withSetting("max_message_size", "1000"))) {
            RabbitMqConnection connection = RabbitMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("large").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            Outgoing large = Outgoing.text("large", null, "x".repeat(1_001));
            sender.send(large);
            Outgoing.Ended ended = large.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(ended.error()).hasMessageContaining("max_message_size");
            Outgoing.text("small", null, "x".repeat(1_000)).sendTo(sender, BOUND);
            connection.close(BOUND);
        }
    }

    @Test
    void headersLargerThanAFrameAreRefused() throws Exception {
        try (LocalBroker broker =
                LocalBrokers.start(BrokerKind.RABBITMQ, BrokerOptions.defaults().withSetting("frame_max", "8192"))) {
            RabbitMqConnection connection = RabbitMqConnection.open(SpiContext.of(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("frames").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            Outgoing wide = new Outgoing("wide", null, new byte[0], Map.of("a", "x".repeat(9_000)));
            sender.send(wide);
            Outgoing.Ended ended = wide.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(ended.error()).hasMessageContaining("frame_max");
            Outgoing.text("narrow", null, "x".repeat(100_000)).sendTo(sender, BOUND);
            connection.close(BOUND);
        }
    }

    @Test
    void aDeletedQueueEndsItsReceiver() throws Exception {
        RabbitMqConnection connection = SharedBroker.connect(Map.of());
        String name = SpiContext.uniqueName("deleted");
        Address address = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        SteppedReceiver receiver = new SteppedReceiver(connection, address, "deleted", 10);
        try (Connection plain = SharedBroker.plain();
                Channel channel = plain.createChannel()) {
            channel.queueDelete(name);
        }
        await().atMost(BOUND)
                .untilAsserted(() -> assertThatExceptionOfType(MessagingException.class)
                        .isThrownBy(() -> receiver.receive(1, Duration.ZERO))
                        .withMessageContaining("deleted"));
        receiver.close();
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> new SteppedReceiver(connection, address, "again", 10))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
        connection.close(BOUND);
    }

    @Test
    void aThreadThatCannotWriteIsFreedWithinTheSendTimeout() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ)) {
            RabbitMqConnection connection = RabbitMqConnection.open(SpiContext.of(broker.url(), Map.of(), SHORT));
            Address address = new Address.OfQueue(Queue.of("stuck").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            broker.suspend();
            List<Outgoing> messages = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < 40; i++) {
                Outgoing message = Outgoing.text("big" + i, null, "x".repeat(1 << 20));
                messages.add(message);
                sender.send(message);
            }
            for (Outgoing message : messages) {
                assertThat(message.await(BOUND).outcome()).isNotEqualTo(Outgoing.Outcome.CONFIRMED);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(3));
            broker.resume();
            await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
            Outgoing.text("after", null, "x").sendTo(sender, BOUND);
            connection.close(BOUND);
        }
    }

    @Test
    void wrongPassword() {
        refused(
                "rabbitmq://guest:topsecret@" + SharedBroker.address(),
                new Refusal(ErrorCode.AUTHENTICATION, "user guest"));
    }

    @Test
    void virtualHostThatIsNotThereOrForbidden() {
        refused(SharedBroker.url() + "/nowhere", new Refusal(ErrorCode.NOT_FOUND, "rabbitmqctl add_vhost"));
        SharedBroker.control("rabbit_vhost:add(<<\"other\">>, <<\"test\">>)");
        refused(
                SharedBroker.urlOfUser(".*", ".*", ".*") + "/other",
                new Refusal(ErrorCode.AUTHORIZATION, "set_permissions -p"));
    }
}
