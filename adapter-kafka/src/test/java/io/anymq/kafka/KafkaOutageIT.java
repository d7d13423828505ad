package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that dies, one that is not there, and one that is something else: all end in time and leave nothing behind. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaOutageIT {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration BOUND = Duration.ofSeconds(30);

    @Test
    void aKilledBrokerLosesNothingAndWorkGoesOnWhenItIsBack() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.KAFKA)) {
            KafkaConnection connection =
                    KafkaConnection.open(Contexts.context(broker.url(), Map.of(KafkaConfig.PARTITIONS, "2")));
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
        LocalBroker broker = LocalBrokers.start(BrokerKind.KAFKA);
        KafkaConnection connection = KafkaConnection.open(Contexts.context(broker.url(), Map.of()));
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

    private static void fails(String url, String says) {
        long start = System.nanoTime();
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> KafkaConnection.open(Contexts.context(url, Map.of(), SHORT)))
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
        fails("kafka://127.0.0.1:" + port, "nothing accepts connections at 127.0.0.1:" + port);
    }

    @Test
    void unknownHost() {
        fails("kafka://no-such-host.invalid:9092", "host of no-such-host.invalid:9092 is unknown");
    }

    @Test
    @SuppressWarnings("try") // closed early, because the answering thread ends only then
    void somethingElseThere() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInHttp(web), "http");
            answering.start();
            fails("kafka://127.0.0.1:" + web.getLocalPort(), "gives no Kafka answer");
            web.close();
            answering.join(5_000);
        }
    }

    @Test
    void somethingSilentThere() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            fails("kafka://127.0.0.1:" + silent.getLocalPort(), "gives no Kafka answer");
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
                        .noneMatch(name -> name.contains("anymq-test-") || name.contains("consumer_background")));
    }
}
