package io.anymq.kafka;

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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The next owner's treatment of the marks of a dead one. The marks are written as a dead owner leaves them. */
class KafkaDeliveryCountIT {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final int WINDOW = 4;

    private KafkaConnection connection;
    private Admin admin;
    private Queue queue;
    private Address.OfQueue address;

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of(KafkaConfig.PARTITIONS, "2"));
        admin = SharedBroker.admin();
        queue = Queue.of(SpiContext.uniqueName("counts"));
        address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
    }

    @AfterEach
    void close() {
        connection.close(Duration.ofSeconds(5));
        admin.close();
    }

    private void fill(int partition, int count) throws Exception {
        // The lane of an outgoing message chooses the partition.
        BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, BOUND));
        List<Outgoing> messages = IntStream.range(0, count)
                .mapToObj(i -> Outgoing.text(partition + "-" + i, null, "x"))
                .toList();
        messages.forEach(message -> message.lane(partition));
        Outgoing.sendAll(sender, messages, BOUND);
        sender.close(BOUND);
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(queue.name(), number);
    }

    private void leave(int partition, long offset, String mark) throws Exception {
        admin.alterConsumerGroupOffsets(
                        KafkaNames.group(address), Map.of(partition(partition), new OffsetAndMetadata(offset, mark)))
                .all()
                .get();
    }

    /** Without the topic's id. */
    private OffsetAndMetadata left(int partition) throws Exception {
        OffsetAndMetadata left = admin.listConsumerGroupOffsets(KafkaNames.group(address))
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition(partition));
        return new OffsetAndMetadata(left.offset(), left.metadata().replaceFirst("^topic=[^;]+;", ""));
    }

    private SteppedReceiver receiver() {
        return new SteppedReceiver(connection, address, SpiContext.uniqueName("r"), WINDOW);
    }

    private static List<String> ids(List<InboundMessage> messages) {
        return messages.stream().map(InboundMessage::id).toList();
    }

    private static InboundMessage only(SteppedReceiver receiver) {
        List<InboundMessage> one = receiver.receiveCount(1);
        assertThat(receiver.receive(10, A_WHILE)).isEmpty();
        return one.get(0);
    }

    @Test
    void afterACleanEndAllFlows() throws Exception {
        fill(0, 10);
        leave(0, 2, "anymq:clean");
        try (SteppedReceiver receiver = receiver()) {
            List<InboundMessage> messages = receiver.receiveCount(8);
            assertThat(messages).allMatch(message -> message.deliveryCount() == 1);
            assertThat(left(0)).isEqualTo(new OffsetAndMetadata(2, "anymq:try=1"));
            receiver.acknowledge(messages.subList(0, 3));
        }
        assertThat(left(0)).isEqualTo(new OffsetAndMetadata(5, "anymq:clean"));
    }

    @Test
    void whatSomebodyElseCommittedIsClean() throws Exception {
        fill(0, 5);
        leave(0, 1, "by hand");
        try (SteppedReceiver receiver = receiver()) {
            assertThat(receiver.receiveCount(4)).allMatch(message -> message.deliveryCount() == 1);
        }
    }

    @Test
    void afterACrashTheRecordsInDoubtGoOneByOne() throws Exception {
        fill(0, 10);
        leave(0, 2, "anymq:open");
        try (SteppedReceiver receiver = receiver()) {
            for (int i = 2; i < 2 + WINDOW; i++) {
                InboundMessage message = only(receiver);
                assertThat(message.id()).isEqualTo("0-" + i);
                assertThat(message.deliveryCount()).isEqualTo(1);
                assertThat(left(0)).isEqualTo(new OffsetAndMetadata(i, "anymq:try=1"));
                receiver.acknowledge(List.of(message));
            }
            List<InboundMessage> rest = receiver.receiveCount(4);
            assertThat(ids(rest)).containsExactly("0-6", "0-7", "0-8", "0-9");
            receiver.acknowledge(rest);
        }
        assertThat(left(0)).isEqualTo(new OffsetAndMetadata(10, "anymq:clean"));
    }

    @Test
    void aSuspectGoesAloneAndCarriesItsCount() throws Exception {
        fill(0, 6);
        fill(1, 6);
        leave(0, 0, "anymq:open");
        leave(1, 3, "anymq:try=2");
        try (SteppedReceiver receiver = receiver()) {
            receiver.serveUntil(open ->
                    open.unwrap(Consumer.class).orElseThrow().assignment().size() == 2);
            // Whichever partition is fetched first may go first; the suspect waits until nothing in doubt is out.
            InboundMessage message = only(receiver);
            if (!message.id().equals("1-3")) {
                assertThat(message.id()).isEqualTo("0-0");
                receiver.acknowledge(List.of(message));
                message = only(receiver);
            }
            assertThat(message.id()).isEqualTo("1-3");
            assertThat(message.deliveryCount()).isEqualTo(3);
            assertThat(left(1)).isEqualTo(new OffsetAndMetadata(3, "anymq:try=3"));
            receiver.acknowledge(List.of(message));
            List<InboundMessage> next = receiver.receiveCount(2);
            assertThat(ids(next)).contains("1-4").hasSize(2);
            assertThat(next).allMatch(each -> each.deliveryCount() == 1);
        }
    }

    @Test
    void aGracefulEndSpendsNoTry() throws Exception {
        fill(0, 6);
        leave(0, 1, "anymq:try=2");
        try (SteppedReceiver receiver = receiver()) {
            assertThat(only(receiver).deliveryCount()).isEqualTo(3);
        }
        assertThat(left(0)).isEqualTo(new OffsetAndMetadata(1, "anymq:try=2"));
        try (SteppedReceiver receiver = receiver()) {
            InboundMessage message = only(receiver);
            assertThat(message.deliveryCount()).isEqualTo(3);
            receiver.acknowledge(List.of(message));
        }
        assertThat(left(0)).isEqualTo(new OffsetAndMetadata(2, "anymq:clean"));
    }

    @Test
    void nothingIsInDoubtWhereNothingWasStored() throws Exception {
        fill(0, 3);
        leave(0, 3, "anymq:open");
        try (SteppedReceiver receiver = receiver()) {
            receiver.serveUntil(open ->
                    open.unwrap(Consumer.class).orElseThrow().assignment().size() == 2);
            fill(0, 1);
            assertThat(ids(receiver.receiveCount(1))).containsExactly("0-0");
        }
    }
}
