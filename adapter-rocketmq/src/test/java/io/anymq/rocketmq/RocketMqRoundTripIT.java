package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.PlainMessage;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RocketMqRoundTripIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final SenderOptions OPTIONS = new SenderOptions(5_000, BOUND);

    private RocketMqConnection connection;
    private Queue queue;
    private Address address;

    @BeforeEach
    void connect() {
        connection = SharedBroker.connect(Map.of(RocketMqConfig.QUEUES, "4"));
        queue = Queue.of(SpiContext.uniqueName("round"));
        address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
    }

    @AfterEach
    void close() {
        connection.close(Duration.ofSeconds(5));
    }

    @Test
    void everyPartOfAMessageComesBack() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        Outgoing full = new Outgoing(
                "id-1", "schlüssel-🗝", "täglich 🥖".getBytes(UTF_8), Map.of("farbe", "grün", "empty", ""));
        full.sentAtMillis(System.currentTimeMillis() - 1_234);
        Outgoing bare = new Outgoing("id-2", null, new byte[0], Map.of());
        bare.contentType("");
        bare.sentAtMillis(1_000_000_000_000L);
        sender.send(full);
        sender.send(bare);
        assertThat(full.await(BOUND).receipt()).isInstanceOf(SendResult.class);
        assertThat(bare.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            List<InboundMessage> messages = receiver.receiveCount(2);
            InboundMessage first = byId(messages, "id-1");
            assertThat(first.key()).isEqualTo("schlüssel-🗝");
            assertThat(new String(first.body(), UTF_8)).isEqualTo("täglich 🥖");
            assertThat(first.headers()).containsOnly(Map.entry("farbe", "grün"), Map.entry("empty", ""));
            assertThat(first.contentType()).isEqualTo("text/plain; charset=utf-8");
            assertThat(first.sentAtMillis()).isEqualTo(full.sentAtMillis());
            assertThat(first.deliveryCount()).isEqualTo(1);
            assertThat(first.unwrap(MessageExt.class)).isPresent();
            InboundMessage second = byId(messages, "id-2");
            assertThat(second.key()).isNull();
            assertThat(second.body()).isEmpty();
            assertThat(second.headers()).isEmpty();
            assertThat(second.contentType()).isEmpty();
            assertThat(second.sentAtMillis()).isEqualTo(bare.sentAtMillis());
            assertThat(second.deliverAtMillis()).isZero();
            receiver.acknowledge(messages);
        }
        sender.close(BOUND);
    }

    @Test
    void manyMessagesOfAKeyKeepTheirOrder() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        List<Outgoing> sent = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Outgoing message = Outgoing.text(Integer.toString(i), "k", "x".repeat(300));
            sent.add(message);
            sender.send(message);
        }
        for (Outgoing message : sent) {
            assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        }
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 5_000)) {
            List<InboundMessage> received = receiver.receiveCount(3_000);
            for (int i = 0; i < 3_000; i++) {
                assertThat(received.get(i).id()).isEqualTo(Integer.toString(i));
            }
            receiver.acknowledge(received);
        }
        sender.close(BOUND);
    }

    @Test
    void theLargestBodyPassesAndALargerOneIsRejected() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        int most = connection.capabilities().maxBodyBytes();
        assertThat(most).isGreaterThanOrEqualTo(1 << 20);
        Outgoing largest = new Outgoing("big", "k", new byte[most], Map.of("h", "x".repeat(16_000)));
        Outgoing tooLarge = new Outgoing("bigger", "other", new byte[most + 64 * 1024], Map.of());
        sender.send(largest);
        sender.send(tooLarge);
        assertThat(largest.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        Outgoing.Ended ended = tooLarge.await(BOUND);
        assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
        assertThat(ended.error()).hasMessageContaining("max-message");
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            assertThat(receiver.receiveCount(1).get(0).body()).hasSize(most);
        }
        sender.close(BOUND);
    }

    @Test
    void thePlainClientWritesAndReads() throws Exception {
        SharedBroker.plain()
                .send(
                        queue.name(),
                        new PlainMessage("plain-1", "key", "value".getBytes(UTF_8), null, Map.of("colour", "green")));
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            InboundMessage message = receiver.receiveCount(1).get(0);
            assertThat(message.id()).isEqualTo("plain-1");
            assertThat(message.key()).isEqualTo("key");
            assertThat(message.headers()).containsExactly(Map.entry("colour", "green"));
            assertThat(message.contentType()).isEmpty();
            receiver.acknowledge(List.of(message));
        }
        BrokerSender sender = connection.openSender(address, OPTIONS);
        Outgoing ours = new Outgoing("ours", "key", "hello".getBytes(UTF_8), Map.of("colour", "red", "empty", ""));
        sender.send(ours);
        ours.await(BOUND);
        List<PlainMessage> read = SharedBroker.plain().read(queue.name(), 2, BOUND);
        assertThat(read).hasSize(2);
        PlainMessage last = read.stream()
                .filter(message -> "ours".equals(message.id()))
                .findFirst()
                .orElseThrow();
        assertThat(last.key()).isEqualTo("key");
        assertThat(last.headers()).containsEntry("colour", "red").containsEntry("empty", "");
        sender.close(BOUND);
    }

    private static InboundMessage byId(List<InboundMessage> messages, String id) {
        return messages.stream()
                .filter(message -> message.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
