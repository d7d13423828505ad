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
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that dies, one that is not there, and one that is something else: all end in time and leave nothing behind. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RocketMqOutageIT {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration BOUND = Duration.ofSeconds(30);

    @Test
    void aKilledBrokerLosesNothingAndWorkGoesOnWhenItIsBack() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ)) {
            RocketMqConnection connection =
                    RocketMqConnection.open(Contexts.context(broker.url(), Map.of(RocketMqConfig.QUEUES, "2")));
            Address address = new Address.OfQueue(Queue.of("outage"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            List<String> confirmed = new ArrayList<>();
            try (TestReceiver receiver = new TestReceiver(connection, address, "outage", 100)) {
                for (int i = 0; i < 20; i++) {
                    Outgoing message = Outgoing.text("before" + i, "k", "x");
                    sender.send(message);
                    assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
                    confirmed.add(message.id());
                }
                receiver.acknowledge(receiver.receiveCount(10));
                broker.kill();

                Outgoing lost = Outgoing.text("during", "k", "x");
                long start = System.nanoTime();
                sender.send(lost);
                Outgoing.Ended ended = lost.await(BOUND);
                assertThat(ended.outcome()).isNotEqualTo(Outgoing.Outcome.CONFIRMED);
                assertThat(ended.error().retryable()).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(500));
                start = System.nanoTime();
                assertThat(connection.probe(SHORT).status()).isEqualTo(Health.Status.DOWN);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(1));
                start = System.nanoTime();
                List<String> seen = new ArrayList<>();
                receiver.receive(10, Duration.ofSeconds(5)).forEach(message -> seen.add(message.id()));
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);

                broker.restart();
                await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
                Outgoing after = Outgoing.text("after", "k", "x");
                sender.send(after);
                await().atMost(BOUND).until(after::isEnded);
                if (after.await(BOUND).outcome() == Outgoing.Outcome.CONFIRMED) {
                    confirmed.add("after");
                }
                await().atMost(BOUND).until(() -> {
                    List<InboundMessage> some = receiver.receive(100, Duration.ofMillis(100));
                    some.forEach(message -> seen.add(message.id()));
                    receiver.acknowledge(some);
                    return seen.containsAll(confirmed.subList(10, confirmed.size()));
                });
            }
            sender.close(BOUND);
            connection.close(BOUND);
        }
        noThreadsLeft();
    }

    @Test
    void closingIsBoundedWhileTheBrokerIsGone() {
        LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ);
        RocketMqConnection connection = RocketMqConnection.open(Contexts.context(broker.url(), Map.of()));
        Address address = new Address.OfQueue(Queue.of("closing"));
        connection.provision(address, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
        TestReceiver receiver = new TestReceiver(connection, address, "closing", 100);
        sender.send(Outgoing.text("one", null, "x"));
        receiver.receiveCount(1);
        broker.close();
        Outgoing pending = Outgoing.text("two", null, "x");
        sender.send(pending);
        long start = System.nanoTime();
        sender.close(Duration.ofSeconds(1));
        assertThat(pending.isEnded()).isTrue();
        receiver.close();
        connection.close(SHORT);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        noThreadsLeft();
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void nothingThatWasConfirmedIsLostWhenTheBrokerIsKilledInTheMiddle(Durability durability) throws Exception {
        BrokerOptions options = BrokerOptions.defaults().withDurability(durability);
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ, options)) {
            RocketMqConnection connection = RocketMqConnection.open(Contexts.context(broker.url(), Map.of()));
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
            try (TestReceiver receiver = new TestReceiver(connection, address, "middle", 1_000)) {
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
            RocketMqConnection connection = RocketMqConnection.open(Contexts.context(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("open"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            try (TestReceiver receiver = new TestReceiver(connection, address, "open", 100)) {
                broker.killNameServer();
                for (int i = 0; i < 10; i++) {
                    Outgoing message = Outgoing.text("m" + i, "k", "x");
                    sender.send(message);
                    assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
                    receiver.acknowledge(receiver.receiveCount(1));
                }
                assertThat(connection.probe(SHORT).status()).isEqualTo(Health.Status.DOWN);
                Address other = new Address.OfQueue(Queue.of("other"));
                long start = System.nanoTime();
                assertThatExceptionOfType(MessagingException.class)
                        .isThrownBy(() -> connection.provision(other, ProvisionMode.CREATE))
                        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                        .satisfies(error -> assertThat(error.retryable()).isTrue());
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
            RocketMqConnection connection = RocketMqConnection.open(Contexts.context(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("away"));
            connection.provision(address, ProvisionMode.CREATE);
            broker.kill();
            for (ProvisionMode mode : List.of(ProvisionMode.CREATE, ProvisionMode.VALIDATE)) {
                assertThatExceptionOfType(MessagingException.class)
                        .isThrownBy(() -> {
                            connection.provision(address, mode);
                            connection.provision(new Address.OfQueue(Queue.of("new")), mode);
                        })
                        .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            }
            connection.close(BOUND);
            fails(broker.url(), "no broker is registered");
        }
    }

    @Test
    void aDelayBeyondTheBrokersIsRefusedWithTheCure() throws Exception {
        BrokerOptions options = BrokerOptions.defaults().withSetting("timerMaxDelaySec", "60");
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ROCKETMQ, options)) {
            RocketMqConnection connection = RocketMqConnection.open(Contexts.context(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("late"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            Outgoing late = Outgoing.text("late", null, "x");
            late.deliverAt = System.currentTimeMillis() + 3_600_000;
            sender.send(late);
            Outgoing.Ended ended = late.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(ended.error()).hasMessageContaining("timerMaxDelaySec");
            sender.close(BOUND);
            connection.close(BOUND);
        }
    }

    private static void fails(String url, String says) {
        long start = System.nanoTime();
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> RocketMqConnection.open(Contexts.context(url, Map.of(), SHORT)))
                .withMessageContaining(says)
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .satisfies(error -> assertThat(error.retryable()).isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(700));
        noThreadsLeft();
    }

    @Test
    void nobodyThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        fails("rocketmq://127.0.0.1:" + port, "nothing accepts connections at 127.0.0.1:" + port);
    }

    @Test
    void unknownHost() {
        fails("rocketmq://no-such-host.invalid:9092", "host of no-such-host.invalid:9092 is unknown");
    }

    @Test
    @SuppressWarnings("try") // closed early, because the answering thread ends only then
    void somethingElseThere() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInHttp(web), "http");
            answering.start();
            fails("rocketmq://127.0.0.1:" + web.getLocalPort(), "is no RocketMQ name server");
            web.close();
            answering.join(5_000);
        }
    }

    @Test
    void somethingSilentThere() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            fails("rocketmq://127.0.0.1:" + silent.getLocalPort(), "is no RocketMQ name server");
        }
    }

    private static void answerInHttp(ServerSocket web) {
        while (!web.isClosed()) {
            try (Socket socket = web.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                if (!web.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void noThreadsLeft() {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains("anymq-test-")));
    }
}
