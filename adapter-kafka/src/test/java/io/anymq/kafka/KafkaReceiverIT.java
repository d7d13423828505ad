package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Queue;
import io.anymq.StartPosition;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settling, handing over and starting, read back from the broker by the vendor's own client. */
class KafkaReceiverIT {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final List<KafkaConnection> connections = new ArrayList<>();
    private Admin admin;
    private Queue queue;

    @BeforeEach
    void open() {
        admin = SharedBroker.admin();
        queue = Queue.of(SpiContext.uniqueName("receive"));
    }

    @AfterEach
    void close() {
        connections.forEach(connection -> connection.close(Duration.ofSeconds(5)));
        admin.close();
    }

    private KafkaConnection connect(String partitions, String protocol) {
        KafkaConnection connection =
                SharedBroker.connect(Map.of(KafkaConfig.PARTITIONS, partitions, KafkaConfig.GROUP_PROTOCOL, protocol));
        connections.add(connection);
        return connection;
    }

    private static void send(KafkaConnection connection, Address address, String prefix, int count) throws Exception {
        BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, BOUND));
        List<Outgoing> messages = IntStream.range(0, count)
                .mapToObj(i -> Outgoing.text(prefix + i, "key-" + i % 16, "body " + i))
                .toList();
        Outgoing.sendAll(sender, messages, BOUND);
        sender.close(BOUND);
    }

    private OffsetAndMetadata committed(Address address, int partition) {
        try {
            return admin.listConsumerGroupOffsets(KafkaNames.group(address))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(KafkaNames.topic(address), partition));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void onlyTheContiguousPrefixIsCommitted(String protocol) throws Exception {
        KafkaConnection connection = connect("1", protocol);
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        send(connection, address, "m", 10);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            List<InboundMessage> messages = receiver.receiveCount(10);
            receiver.acknowledge(messages.subList(5, 10));
            receiver.acknowledge(messages.subList(0, 2));
            awaitCommitted(receiver, address, 2);
            receiver.acknowledge(messages.subList(3, 5));
            receiver.receive(0, Duration.ofMillis(300));
            assertThat(committed(address, 0).offset()).isEqualTo(2);
            receiver.acknowledge(messages.subList(2, 3));
            awaitCommitted(receiver, address, 10);
            assertThat(committed(address, 0).metadata()).matches("topic=.{22};anymq:open");
        }
        assertThat(committed(address, 0).metadata()).matches("topic=.{22};anymq:clean");
    }

    private void awaitCommitted(SteppedReceiver receiver, Address address, long offset) {
        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> {
            receiver.receive(0, Duration.ofMillis(20));
            assertThat(committed(address, 0).offset()).isEqualTo(offset);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void whatIsSettledWhileLanesAreRevokedIsNotSeenByTheNextOwner(String protocol) throws Exception {
        KafkaConnection connection = connect("4", protocol);
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        send(connection, address, "m", 200);
        try (SteppedReceiver first = new SteppedReceiver(connection, address, queue.name() + "-1", 1_000)) {
            List<InboundMessage> taken = first.receiveCount(200);
            Set<String> settledInTime = new HashSet<>();
            first.onRevoke(receiver -> {
                List<InboundMessage> done = taken.stream()
                        .filter(message -> first.revoked().contains(message.lane()))
                        .filter(message -> Integer.parseInt(message.id().substring(1)) % 32 < 16)
                        .toList();
                done.forEach(message -> settledInTime.add(message.id()));
                receiver.acknowledge(done);
            });
            try (SteppedReceiver second =
                    new SteppedReceiver(connect("4", protocol), address, queue.name() + "-2", 1_000)) {
                shareOut(first, second);
                List<InboundMessage> again = new ArrayList<>();
                long end = System.nanoTime() + BOUND.toNanos();
                Set<String> expected = new HashSet<>();
                for (InboundMessage message : taken) {
                    if (first.revoked().contains(message.lane()) && !settledInTime.contains(message.id())) {
                        expected.add(message.id());
                    }
                }
                assertThat(settledInTime).isNotEmpty();
                while (again.size() < expected.size() && System.nanoTime() < end) {
                    again.addAll(second.receive(1_000, Duration.ofMillis(100)));
                }
                again.addAll(second.receive(1_000, Duration.ofMillis(100)));
                // Also what was settled behind something unsettled is not seen again.
                assertThat(again.stream().map(InboundMessage::id)).containsExactlyInAnyOrderElementsOf(expected);
                // A settlement that comes late changes nothing.
                first.acknowledge(taken.stream()
                        .filter(message -> first.revoked().contains(message.lane()))
                        .toList());
                first.receive(0, Duration.ofMillis(300));
                for (Lane lane :
                        again.stream().map(InboundMessage::lane).distinct().toList()) {
                    int partition =
                            Integer.parseInt(lane.name().substring(lane.name().lastIndexOf('-') + 1));
                    long last = again.stream()
                            .filter(message -> message.lane() == lane)
                            .mapToLong(message -> ((KafkaMessage) message).offset())
                            .min()
                            .orElse(Long.MAX_VALUE);
                    OffsetAndMetadata mark = committed(address, partition);
                    assertThat(mark == null ? 0 : mark.offset()).isLessThanOrEqualTo(last);
                }
            }
        }
    }

    private static int partitions(BrokerReceiver receiver) {
        return receiver.unwrap(Consumer.class).orElseThrow().assignment().size();
    }

    private static void shareOut(SteppedReceiver first, SteppedReceiver second) {
        await().atMost(BOUND).until(() -> {
            first.receive(0, Duration.ofMillis(20));
            second.receive(0, Duration.ofMillis(20));
            return first.with(KafkaReceiverIT::partitions) == 2 && second.with(KafkaReceiverIT::partitions) == 2;
        });
    }

    @Test
    void aClosedReceiversPartitionsAreTakenOver() throws Exception {
        KafkaConnection connection = connect("4", "auto");
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        try (SteppedReceiver second = new SteppedReceiver(connection, address, queue.name() + "-2", 100)) {
            try (SteppedReceiver first = new SteppedReceiver(connection, address, queue.name() + "-1", 100)) {
                shareOut(first, second);
                send(connection, address, "m", 40);
                List<InboundMessage> left = first.receive(100, Duration.ofMillis(100));
                first.acknowledge(left);
            }
            second.serveUntil(open -> partitions(open) == 4);
            assertThat(second.receiveCount(1)).isNotEmpty();
        }
    }

    @Test
    void aSubscriptionStartsWhereItSays() throws Exception {
        KafkaConnection connection = connect("3", "auto");
        Topic topic = Topic.of(queue.name());
        Address.OfTopic target = new Address.OfTopic(topic);
        connection.provision(target, ProvisionMode.CREATE);
        send(connection, target, "before", 5);
        Address now = new Address.OfSubscription(topic.subscription("now"));
        Address earliest = new Address.OfSubscription(topic.subscription("all", StartPosition.EARLIEST));
        connection.provision(now, ProvisionMode.CREATE);
        connection.provision(earliest, ProvisionMode.CREATE);
        send(connection, target, "after", 5);
        connection.provision(now, ProvisionMode.CREATE);
        connection.provision(now, ProvisionMode.VALIDATE);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, now, queue.name() + "-now", 100)) {
            assertThat(receiver.receiveCount(5).stream().map(InboundMessage::id))
                    .allMatch(id -> id.startsWith("after"));
            assertThat(receiver.receive(10, Duration.ofMillis(300))).isEmpty();
        }
        try (SteppedReceiver receiver = new SteppedReceiver(connection, earliest, queue.name() + "-all", 100)) {
            assertThat(receiver.receiveCount(10).stream().map(InboundMessage::id))
                    .containsExactlyInAnyOrderElementsOf(Stream.of("before", "after")
                            .flatMap(prefix -> IntStream.range(0, 5).mapToObj(i -> prefix + i))
                            .toList());
        }
    }

    @Test
    void lanesKeepTheirOrderInSmallBites() throws Exception {
        KafkaConnection connection = connect("3", "auto");
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        send(connection, address, "m", 300);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 1_000)) {
            List<InboundMessage> all = new ArrayList<>();
            while (all.size() < 300) {
                List<InboundMessage> some = receiver.receive(7, Duration.ofMillis(100));
                assertThat(some).hasSizeLessThanOrEqualTo(7);
                all.addAll(some);
                receiver.acknowledge(some);
            }
            for (Lane lane : all.stream().map(InboundMessage::lane).distinct().toList()) {
                assertThat(all.stream()
                                .filter(message -> message.lane() == lane)
                                .mapToLong(message -> ((KafkaMessage) message).offset()))
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aPausedLaneKeepsItsMessages() throws Exception {
        KafkaConnection connection = connect("1", "auto");
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        send(connection, address, "m", 6);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            List<InboundMessage> taken = receiver.receiveCount(3);
            Lane lane = taken.get(0).lane();
            receiver.with(open -> {
                ((PausableReceiver) open).pause(lane);
                return true;
            });
            assertThat(receiver.receive(10, Duration.ofMillis(200))).isEmpty();
            receiver.with(open -> {
                ((PausableReceiver) open).resume(lane);
                return true;
            });
            assertThat(receiver.receiveCount(3).stream().map(InboundMessage::id))
                    .containsExactly("m3", "m4", "m5");
        }
    }

    @Test
    void aMemberThatHandsOutNothingStaysAMember() throws Exception {
        KafkaConnection connection = connect("2", "auto");
        Address address = new Address.OfQueue(queue);
        connection.provision(address, ProvisionMode.CREATE);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 100)) {
            receiver.serveUntil(open -> partitions(open) == 2);
            send(connection, address, "m", 4);
            long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() < end) {
                assertThat(receiver.receive(0, Duration.ofMillis(100))).isEmpty();
            }
            assertThat(receiver.lost()).isEmpty();
            assertThat(receiver.receiveCount(4)).hasSize(4);
        }
    }
}
