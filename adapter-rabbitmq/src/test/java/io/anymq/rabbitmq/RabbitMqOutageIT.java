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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that dies, is on alarm, refuses, or is not there: all end in time, are named, and leave nothing behind. */
@Tag("rabbitmq")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RabbitMqOutageIT {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration BOUND = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(strings = {"quorum", "classic"})
    void aKilledBrokerLosesNothingAndWorkGoesOnWhenItIsBack(String type) throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ)) {
            RabbitMqConnection connection =
                    RabbitMqConnection.open(Contexts.context(broker.url(), Map.of("lanes", "2", "queue-type", type)));
            Address address = new Address.OfQueue(Queue.of("outage"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            List<String> confirmed = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            TestReceiver before = new TestReceiver(connection, address, "before", 100);
            for (int i = 0; i < 20; i++) {
                Outgoing message = Outgoing.text("before" + i, "k", "x");
                sender.send(message);
                assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
                confirmed.add(message.id());
            }
            before.receiveCount(10);
            broker.kill();

            await().atMost(BOUND)
                    .untilAsserted(() -> assertThatExceptionOfType(MessagingException.class)
                            .isThrownBy(() -> before.receive(1, Duration.ZERO))
                            .satisfies(error -> assertThat(error.retryable()).isTrue()));
            before.close();
            Outgoing lost = Outgoing.text("during", "k", "x");
            long start = System.nanoTime();
            sender.send(lost);
            Outgoing.Ended ended = lost.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(ended.error().retryable()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT);
            assertThat(connection.probe(SHORT).status()).isEqualTo(Health.Status.DOWN);

            broker.restart();
            await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
            await().atMost(BOUND).until(() -> {
                Outgoing after = Outgoing.text("after", "k", "x");
                sender.send(after);
                return after.await(BOUND).outcome() == Outgoing.Outcome.CONFIRMED;
            });
            confirmed.add("after");
            try (TestReceiver after = new TestReceiver(connection, address, "after", 100)) {
                await().atMost(BOUND).until(() -> {
                    List<InboundMessage> some = after.receive(100, Duration.ofMillis(100));
                    some.forEach(message -> seen.add(message.id()));
                    after.acknowledge(some);
                    return seen.containsAll(confirmed);
                });
                assertThat(seen.stream().distinct().toList()).startsWith(confirmed.toArray(String[]::new));
            }
            sender.close(BOUND);
            connection.close(BOUND);
        }
        noThreadsLeft();
    }

    @ParameterizedTest
    @CsvSource({
        "vm_memory_monitor:set_vm_memory_high_watermark(0), vm_memory_monitor:set_vm_memory_high_watermark(0.4)",
        "rabbit_disk_monitor:set_disk_free_limit(\"10000GB\"), rabbit_disk_monitor:set_disk_free_limit(1000)"
    })
    void anAlarmHoldsPublishersBackAndNothingElse(String raise, String clear) throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ)) {
            RabbitMqNode node = (RabbitMqNode) broker;
            RabbitMqConnection connection = RabbitMqConnection.open(Contexts.context(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("alarm").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            List<String> stored = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Outgoing message = Outgoing.text("before" + i, null, "x");
                sender.send(message);
                assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
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
                assertThat(ended.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(ended.error()).hasMessageContaining("on alarm").hasMessageContaining("free memory or disk");
                assertThat(ended.error().retryable()).isTrue();
                if (ended.outcome() == Outgoing.Outcome.UNKNOWN) {
                    held.add(message);
                }
            }
            Health health = connection.probe(SHORT);
            assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(health.detail()).contains("on alarm");

            // Consuming goes on, for it is what ends most alarms.
            try (TestReceiver receiver = new TestReceiver(connection, address, "alarm", 100)) {
                List<InboundMessage> got = receiver.receiveCount(10);
                assertThat(got).extracting(InboundMessage::id).containsExactlyElementsOf(stored);
                receiver.acknowledge(got);

                node.eval(clear);
                await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
                Outgoing after = Outgoing.text("after", null, "x");
                sender.send(after);
                assertThat(after.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
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
            RabbitMqConnection connection = RabbitMqConnection.open(Contexts.context(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("large").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            Outgoing large = Outgoing.text("large", null, "x".repeat(1_001));
            sender.send(large);
            Outgoing.Ended ended = large.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(ended.error()).hasMessageContaining("max_message_size");
            Outgoing small = Outgoing.text("small", null, "x".repeat(1_000));
            sender.send(small);
            assertThat(small.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
            connection.close(BOUND);
        }
    }

    @Test
    void headersLargerThanAFrameAreRefused() throws Exception {
        try (LocalBroker broker =
                LocalBrokers.start(BrokerKind.RABBITMQ, BrokerOptions.defaults().withSetting("frame_max", "8192"))) {
            RabbitMqConnection connection = RabbitMqConnection.open(Contexts.context(broker.url(), Map.of()));
            Address address = new Address.OfQueue(Queue.of("frames").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            Outgoing wide = new Outgoing("wide", null, new byte[0], Map.of("a", "x".repeat(9_000)));
            sender.send(wide);
            Outgoing.Ended ended = wide.await(BOUND);
            assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
            assertThat(ended.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(ended.error()).hasMessageContaining("frame_max");
            Outgoing narrow = Outgoing.text("narrow", null, "x".repeat(100_000));
            sender.send(narrow);
            assertThat(narrow.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
            connection.close(BOUND);
        }
    }

    @Test
    void aDeletedQueueEndsItsReceiver() throws Exception {
        RabbitMqConnection connection = SharedBroker.connect(Map.of());
        String name = SharedBroker.uniqueName("deleted");
        Address address = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(address, ProvisionMode.CREATE);
        TestReceiver receiver = new TestReceiver(connection, address, "deleted", 10);
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
                .isThrownBy(() -> new TestReceiver(connection, address, "again", 10))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
        connection.close(BOUND);
    }

    @Test
    void closingIsBoundedWhileTheBrokerIsFrozen() {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ)) {
            RabbitMqConnection connection = RabbitMqConnection.open(Contexts.context(broker.url(), Map.of(), SHORT));
            Address address = new Address.OfQueue(Queue.of("closing").unordered());
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            TestReceiver receiver = new TestReceiver(connection, address, "closing", 100);
            sender.send(Outgoing.text("one", null, "x"));
            receiver.receiveCount(1);
            broker.suspend();
            Outgoing pending = Outgoing.text("two", null, "x");
            sender.send(pending);
            long start = System.nanoTime();
            sender.close(Duration.ofSeconds(1));
            assertThat(pending.isEnded()).isTrue();
            receiver.close();
            connection.close(SHORT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            noThreadsLeft();
        }
    }

    @Test
    void aThreadThatCannotWriteIsFreedWithinTheSendTimeout() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ)) {
            RabbitMqConnection connection = RabbitMqConnection.open(Contexts.context(broker.url(), Map.of(), SHORT));
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
            Outgoing after = Outgoing.text("after", null, "x");
            sender.send(after);
            assertThat(after.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
            connection.close(BOUND);
        }
    }

    private static void fails(String url, ErrorCode code, String says) {
        long start = System.nanoTime();
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> RabbitMqConnection.open(Contexts.context(url, Map.of(), SHORT)))
                .withMessageContaining(says)
                .satisfies(error -> assertThat(error.code()).isEqualTo(code))
                .satisfies(error -> assertThat(error).hasMessageNotContaining("topsecret"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusMillis(1_500));
        noThreadsLeft();
    }

    @Test
    void wrongPassword() {
        fails("rabbitmq://guest:topsecret@" + SharedBroker.address(), ErrorCode.AUTHENTICATION, "user guest");
    }

    @Test
    void virtualHostThatIsNotThereOrForbidden() {
        fails(SharedBroker.url() + "/nowhere", ErrorCode.NOT_FOUND, "rabbitmqctl add_vhost");
        SharedBroker.control("rabbit_vhost:add(<<\"other\">>, <<\"test\">>)");
        fails(SharedBroker.urlOfUser(".*", ".*", ".*") + "/other", ErrorCode.AUTHORIZATION, "set_permissions -p");
    }

    @Test
    void nobodyThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        fails("rabbitmq://guest:topsecret@127.0.0.1:" + port, ErrorCode.UNAVAILABLE, "check that the server runs");
    }

    @Test
    void unknownHost() {
        fails("rabbitmq://no-such-host.invalid", ErrorCode.UNAVAILABLE, "the host is unknown");
    }

    @Test
    @SuppressWarnings("try") // closed early, because the answering thread ends only then
    void somethingElseThere() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInHttp(web), "http");
            answering.start();
            fails("rabbitmq://127.0.0.1:" + web.getLocalPort(), ErrorCode.UNAVAILABLE, "anymq.url");
            web.close();
            answering.join(5_000);
        }
    }

    @Test
    void somethingSilentThere() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            fails("rabbitmq://127.0.0.1:" + silent.getLocalPort(), ErrorCode.TIMEOUT, "within the time-out");
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
                        .noneMatch(name -> name.contains("anymq-rabbitmq-") || name.contains("AMQP Connection")));
    }
}
