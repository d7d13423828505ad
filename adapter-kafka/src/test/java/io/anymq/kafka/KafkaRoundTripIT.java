package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages arrive unchanged, from AnyMQ to AnyMQ and from and to the vendor's plain clients. */
class KafkaRoundTripIT {
    private static final SenderOptions OPTIONS = new SenderOptions(1_000, Duration.ofSeconds(10));
    private static final Duration BOUND = Duration.ofSeconds(20);

    private KafkaConnection connection;
    private Queue queue;
    private Address.OfQueue address;

    @BeforeEach
    void connect() {
        connection = SharedBroker.connect(Map.of(KafkaConfig.PARTITIONS, "4"));
        queue = Queue.of(SpiContext.uniqueName("round"));
        address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
    }

    @AfterEach
    void close() {
        connection.close(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void everyPartOfAMessageComesBack(String protocol) throws Exception {
        KafkaConnection other = SharedBroker.connect(Map.of(KafkaConfig.GROUP_PROTOCOL, protocol));
        BrokerSender sender = other.openSender(address, OPTIONS);
        Outgoing full = new Outgoing(
                "id-1", "schlüssel-🗝", "täglich 🥖".getBytes(UTF_8), Map.of("farbe", "grün", "empty", ""));
        full.sentAtMillis(System.currentTimeMillis() - 1_234);
        full.deliverAtMillis(5_000_000_000_000L);
        Outgoing bare = new Outgoing("id-2", null, new byte[0], Map.of());
        bare.contentType("");
        bare.sentAtMillis(1_000_000_000_000L);
        sender.send(full);
        sender.send(bare);
        assertThat(full.await(BOUND).receipt()).isInstanceOf(RecordMetadata.class);
        assertThat(bare.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        try (SteppedReceiver receiver = new SteppedReceiver(other, address, queue.name(), 100)) {
            List<InboundMessage> messages = receiver.receiveCount(2);
            InboundMessage first = byId(messages, "id-1");
            assertThat(first.key()).isEqualTo("schlüssel-🗝");
            assertThat(new String(first.body(), UTF_8)).isEqualTo("täglich 🥖");
            assertThat(first.headers()).containsOnly(Map.entry("farbe", "grün"), Map.entry("empty", ""));
            assertThat(first.contentType()).isEqualTo("text/plain; charset=utf-8");
            assertThat(first.sentAtMillis()).isEqualTo(full.sentAtMillis());
            assertThat(first.deliverAtMillis()).isEqualTo(full.deliverAtMillis());
            assertThat(first.deliveryCount()).isEqualTo(1);
            assertThat(first.unwrap(ConsumerRecord.class)).isPresent();
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
        other.close(BOUND);
    }

    @Test
    void anOldMessageIsYoungForTheBroker() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        Outgoing old = Outgoing.text("old", "k", "x");
        old.sentAtMillis(86_400_000);
        sender.send(old);
        long age =
                System.currentTimeMillis() - ((RecordMetadata) old.await(BOUND).receipt()).timestamp();
        assertThat(age).isLessThan(60_000);
    }

    @Test
    void aPlainProducersRecordIsAMessage() throws Exception {
        try (KafkaProducer<String, String> plain = SharedBroker.plainProducer()) {
            ProducerRecord<String, String> withKey =
                    new ProducerRecord<>(queue.name(), 2, 1_700_000_000_000L, "key", "value");
            withKey.headers().add("colour", "green".getBytes(UTF_8)).add("nothing", null);
            plain.send(withKey).get();
            plain.send(new ProducerRecord<>(queue.name(), 2, null, null)).get();
        }
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            List<InboundMessage> messages = receiver.receiveCount(2);
            InboundMessage first = messages.get(0);
            assertThat(first.id()).isEqualTo(queue.name() + "-2@0@1700000000000");
            assertThat(first.key()).isEqualTo("key");
            assertThat(first.body()).isEqualTo("value".getBytes(UTF_8));
            assertThat(first.contentType()).isEmpty();
            assertThat(first.headers()).containsOnly(Map.entry("colour", "green"), Map.entry("nothing", ""));
            assertThat(first.sentAtMillis()).isEqualTo(1_700_000_000_000L);
            assertThat(messages.get(1).body()).isEmpty();
            assertThat(messages.get(1).key()).isNull();
            assertThat(messages.get(1).id()).isEqualTo(queue.name() + "-2@1");
        }
    }

    @Test
    void aPlainConsumerReadsAMessageAndAgreesOnThePartitionOfItsKey() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaProducer<String, String> plain = SharedBroker.plainProducer();
                KafkaConsumer<String, String> consumer = SharedBroker.plainConsumer(SpiContext.uniqueName("plain"))) {
            for (int key = 0; key < 20; key++) {
                Outgoing message = Outgoing.text("id-" + key, "ключ-" + key, "body");
                sender.send(message);
                int ours = ((RecordMetadata) message.await(BOUND).receipt()).partition();
                int theirs = plain.send(new ProducerRecord<>(queue.name(), "ключ-" + key, "body"))
                        .get()
                        .partition();
                assertThat(ours).isEqualTo(theirs);
            }
            consumer.subscribe(List.of(queue.name()));
            long end = System.nanoTime() + BOUND.toNanos();
            while (records.size() < 40 && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        assertThat(records)
                .hasSize(40)
                .allSatisfy(record -> assertThat(record.value()).isEqualTo("body"));
        assertThat(records.stream()
                        .filter(record -> record.headers().lastHeader("mq-id") != null)
                        .map(record -> new String(
                                record.headers().lastHeader("mq-content-type").value(), UTF_8)))
                .hasSize(20)
                .containsOnly("text/plain; charset=utf-8");
    }

    @Test
    void theLargestBodyPassesAndALargerOneIsRejected() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        int most = connection.capabilities().maxBodyBytes();
        assertThat(most).isGreaterThanOrEqualTo(1 << 20);
        Outgoing largest = new Outgoing("big", "k", new byte[most], Map.of("h", "x".repeat(16_000)));
        Outgoing tooLarge = new Outgoing("bigger", "k", new byte[most + 64 * 1024], Map.of());
        sender.send(largest);
        sender.send(tooLarge);
        assertThat(largest.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        Outgoing.Ended ended = tooLarge.await(BOUND);
        assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
        assertThat(ended.error()).hasMessageContaining("max-message");
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            assertThat(receiver.receiveCount(1).get(0).body()).hasSize(most);
        }
    }

    @Test
    void aRedeliveryLaneIsAPartition() throws Exception {
        Address.Redelivery redelivery = new Address.Redelivery(queue, 16);
        connection.provision(redelivery, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(redelivery, OPTIONS);
        Outgoing message = Outgoing.text("delayed", null, "later");
        message.lane(11);
        message.deliverAtMillis(42);
        sender.send(message);
        assertThat(((RecordMetadata) message.await(BOUND).receipt()).partition())
                .isEqualTo(11);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, redelivery, queue.name() + "-lanes", 100)) {
            InboundMessage received = receiver.receiveCount(1).get(0);
            assertThat(received.deliverAtMillis()).isEqualTo(42);
            assertThat(received.lane().name()).endsWith("-11");
        }
    }

    private static InboundMessage byId(List<InboundMessage> messages, String id) {
        return messages.stream()
                .filter(message -> message.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
