package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.anymq.Queue;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages arrive unchanged, from AnyMQ to AnyMQ and from and to the vendor's plain clients. */
class KafkaRoundTripIT extends RoundTripContract {
    private static final SenderOptions OPTIONS = new SenderOptions(1_000, Duration.ofSeconds(10));

    private KafkaConnection connection;
    private Queue queue;
    private Address.OfQueue address;

    @Override
    protected List<Setup> setups() {
        return Stream.of("consumer", "classic")
                .map(protocol -> new Setup(
                        BrokerKind.KAFKA, Map.of(KafkaConfig.PARTITIONS, "4", KafkaConfig.GROUP_PROTOCOL, protocol)))
                .toList();
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return KafkaConnection.open(context);
    }

    @Override
    protected PlainClient plain(LocalBroker broker) {
        return new KafkaPlainClient(broker.bootstrap());
    }

    @Override
    protected Class<?> nativeMessage() {
        return ConsumerRecord.class;
    }

    @Override
    protected Class<?> nativeReceipt() {
        return RecordMetadata.class;
    }

    @Override
    protected String optionForLargerBodies() {
        return "max-message";
    }

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of(KafkaConfig.PARTITIONS, "4"));
        queue = Queue.of(SpiContext.uniqueName("round"));
        address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
    }

    @AfterEach
    void close() {
        connection.close(Duration.ofSeconds(5));
    }

    /** Kafka's own partitioner would put all of them into one. */
    @Test
    void aBurstWithoutKeysIsWorkForAllConsumers() throws Exception {
        BrokerSender sender = connection.openSender(address, OPTIONS);
        List<Outgoing> burst = IntStream.range(0, 400)
                .mapToObj(i -> Outgoing.text("m" + i, null, "x"))
                .toList();
        burst.forEach(sender::send);
        int[] inPartition = new int[4];
        for (Outgoing message : burst) {
            inPartition[((RecordMetadata) message.await(BOUND).receipt()).partition()]++;
        }
        // at least 50 turns, of at most 8 each
        assertThat(Arrays.stream(inPartition).min().orElseThrow())
                .as("messages in the partition that has the fewest")
                .isGreaterThanOrEqualTo(12);
    }

    /** One call for the topic's metadata may then wait for a few milliseconds alone. */
    @Test
    void aSenderOpensHoweverShortItsTimeout() {
        SenderOptions hasty = new SenderOptions(1_000, Duration.ofMillis(100));
        assertThatCode(() -> connection.openSender(address, hasty)).doesNotThrowAnyException();
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
            assertThat(messages.get(1).id()).startsWith(queue.name() + "-2@1@");
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
}
