package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.ErrorCode;
import io.anymq.Handler;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.ProducerOptions;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.SendException;
import io.anymq.Topic;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.PlainMessage;
import io.anymq.tck.brokers.OutageContract;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures of the broker are reported in time, with their cure, and lose nothing. */
class ActiveMqOutageIT extends OutageContract {
    @Override
    protected List<Setup> setups() {
        return Stream.of(BrokerKind.ACTIVEMQ, BrokerKind.ARTEMIS)
                .map(kind -> new Setup(kind, durable(), Map.of()))
                .toList();
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }

    @Override
    protected Refusal somethingElseThere() {
        return new Refusal(ErrorCode.UNAVAILABLE, "does not answer in OpenWire");
    }

    @Override
    protected boolean isTheAdapters(String threadName) {
        return threadName.contains(SpiContext.CLIENT_NAME) || threadName.contains("ActiveMQ");
    }

    @Override
    protected boolean receiverEndsWithTheBroker() {
        return true;
    }

    private static BrokerOptions durable() {
        return BrokerOptions.defaults().withDurability(Durability.POWER);
    }

    private static BrokerOptions smallStore() {
        return durable()
                .withSetting("kahadb.journalMaxFileLength", "1048576")
                .withSetting("broker.systemUsage.storeUsage.limit", Integer.toString(6 << 20));
    }

    private static MessagingClient client(String url, String... settings) {
        MessagingClient.Builder builder = MessagingClient.builder().set("anymq.url", url);
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        return builder.open();
    }

    private static SendException failure(CompletableFuture<Receipt> send) throws Exception {
        ExecutionException failed =
                catchThrowableOfType(ExecutionException.class, () -> send.get(30, TimeUnit.SECONDS));
        assertThat(failed).isNotNull();
        return (SendException) failed.getCause();
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void nothingConfirmedIsLostWhenTheBrokerIsKilledInMidRun(BrokerKind kind) throws Exception {
        try (LocalBroker broker = LocalBrokers.start(kind, durable());
                MessagingClient client = client(broker.url(), "anymq.producer.send-timeout", "5s")) {
            Queue queue = Queue.of("killed").unordered();
            Topic topic = Topic.of("killed-topic");
            client.provision(topic.subscription("idle"));
            Set<String> handled = ConcurrentHashMap.newKeySet();
            List<String> confirmed = new ArrayList<>();
            try (Producer<String> producer = client.producer(queue, String.class);
                    Consumer consumer =
                            client.consumer(queue, String.class).start(delivery -> handled.add(delivery.id()))) {
                List<CompletableFuture<Receipt>> sends = new ArrayList<>();
                for (int i = 0; i < 2_000; i++) {
                    sends.add(producer.send(Message.of("x").withId("m" + i)));
                    if (i == 1_200) {
                        broker.kill();
                        broker.restart();
                    }
                }
                for (int i = 0; i < sends.size(); i++) {
                    if (ended(sends.get(i))) {
                        confirmed.add("m" + i);
                    }
                }
                await().atMost(BOUND).until(() -> handled.containsAll(confirmed));
                assertThat(confirmed).hasSizeGreaterThan(500);
                assertThat(consumer.health()).isNotNull();
            }
            // An empty subscription has outlived the broker, too.
            await().atMost(BOUND)
                    .until(() -> ended(client.producer(topic, String.class).send("after")));
            List<String> got = new ArrayList<>();
            try (Consumer consumer = client.consumer(topic.subscription("idle"), String.class)
                    .start(delivery -> got.add(delivery.body()))) {
                await().atMost(BOUND).until(() -> got.contains("after"));
                assertThat(consumer.inFlight()).isGreaterThanOrEqualTo(0);
            }
        }
    }

    private static boolean ended(CompletableFuture<Receipt> send) throws Exception {
        try {
            send.get(30, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SendException.class);
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void aWrongPasswordIsNamed(BrokerKind kind) {
        try (LocalBroker broker = LocalBrokers.start(kind, durable().withSetting("user.app", "right,apps"))) {
            assertThatExceptionOfType(MessagingException.class)
                    .isThrownBy(() -> client(broker.url().replace("://", "://app:wr0ng@")))
                    .withMessageContaining("password")
                    .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.AUTHENTICATION))
                    .satisfies(error -> assertThat(error.toString()).doesNotContain("wr0ng"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void aMissingPermissionIsNamed(BrokerKind kind) throws Exception {
        BrokerOptions options =
                durable().withSetting("user.app", "secret,apps").withSetting("user.root", "secret,roots");
        if (kind == BrokerKind.ACTIVEMQ) {
            // Rights add up: a wider pattern must not permit what the test forbids.
            options = options.withSetting("permit.>", "roots")
                    .withSetting("permit.allowed", "apps,roots")
                    .withSetting("permit.allowed-dead", "apps,roots")
                    .withSetting("permit.anymq.>", "apps,roots")
                    .withSetting("permit.ActiveMQ.Advisory.>", "apps,roots");
        } else {
            options = options.withSetting("permit.#", "apps,roots").withSetting("permit.forbidden", "roots");
        }
        try (LocalBroker broker = LocalBrokers.start(kind, options);
                MessagingClient client =
                        client(broker.url().replace("://", "://app:secret@"), "anymq.provision", "none")) {
            client.producer(Queue.of("allowed"), String.class).send("yes").get(20, TimeUnit.SECONDS);
            SendException refused =
                    failure(client.producer(Queue.of("forbidden"), String.class).send("no"));
            assertThat(refused.code()).isEqualTo(ErrorCode.AUTHORIZATION);
            assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
            assertThat(refused).hasMessageContaining("grant");
            assertThatExceptionOfType(MessagingException.class)
                    .isThrownBy(() ->
                            client.consumer(Queue.of("forbidden"), String.class).start(delivery -> {}))
                    .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.AUTHORIZATION));
            client.producer(Queue.of("allowed"), String.class).send("yes").get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFullStoreEndsSendsInTimeAndConsumersGoOn() throws Exception {
        BrokerOptions options = smallStore();
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ACTIVEMQ, options);
                MessagingClient client = client(broker.url(), "anymq.producer.send-timeout", "3s")) {
            Queue queue = Queue.of("full").unordered();
            Producer<byte[]> producer = client.producer(queue, byte[].class);
            byte[] body = new byte[100_000];
            Set<String> confirmed = ConcurrentHashMap.newKeySet();
            SendException stuck = null;
            for (int i = 0; i < 200 && stuck == null; i++) {
                String id = "m" + i;
                long start = System.nanoTime();
                CompletableFuture<Receipt> send = producer.send(Message.of(body).withId(id));
                if (ended(send)) {
                    confirmed.add(id);
                } else {
                    stuck = failure(send);
                    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
                }
            }
            assertThat(stuck).isNotNull();
            assertThat(stuck.code()).isIn(ErrorCode.TIMEOUT, ErrorCode.FULL);
            Set<String> handled = ConcurrentHashMap.newKeySet();
            try (Consumer consumer =
                    client.consumer(queue, byte[].class).start(delivery -> handled.add(delivery.id()))) {
                await().atMost(BOUND).until(() -> handled.containsAll(confirmed));
                assertThat(consumer.health()).isNotNull();
                await().atMost(BOUND).until(() -> ended(producer.send(Message.of(body))));
            }
        }
    }

    @Test
    void ofABatchTheBrokerHoldsExactlyWhatItDidNotRefuse() throws Exception {
        BrokerOptions options = smallStore().withSetting("broker.systemUsage.sendFailIfNoSpace", "true");
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ACTIVEMQ, options);
                MessagingClient client = client(broker.url())) {
            Producer<byte[]> producer = client.producer(Queue.of("refusing").unordered(), byte[].class);
            List<CompletableFuture<Receipt>> sends = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                sends.add(producer.send(Message.of(new byte[100_000]).withId("m" + i)));
                if (i == 0) {
                    // alone: a batch larger than the store would use it up, and every message be refused
                    sends.get(0).get(20, TimeUnit.SECONDS);
                }
            }
            List<String> confirmed = new ArrayList<>();
            for (int i = 0; i < sends.size(); i++) {
                if (ended(sends.get(i))) {
                    confirmed.add("m" + i);
                } else {
                    SendException refused = failure(sends.get(i));
                    assertThat(refused.code()).isEqualTo(ErrorCode.FULL);
                    assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
                }
            }
            assertThat(confirmed).hasSizeBetween(1, 199);
            List<PlainMessage> held =
                    new ActiveMqPlainClient(broker.bootstrap(), false).read("refusing", confirmed.size(), BOUND);
            assertThat(held).extracting(PlainMessage::id).isEqualTo(confirmed);
        }
    }

    @Test
    void ofChainsTheBrokerHoldsOutputsOrInputAsItHasNotRefusedThem() throws Exception {
        BrokerOptions options = smallStore().withSetting("broker.systemUsage.sendFailIfNoSpace", "true");
        Queue inputs = Queue.of("inputs");
        Queue outputs = Queue.of("outputs").unordered();
        Set<String> all = new HashSet<>();
        CountDownLatch refused = new CountDownLatch(1);
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ACTIVEMQ, options)) {
            try (MessagingClient client = client(broker.url())) {
                AtomicInteger calls = new AtomicInteger();
                ConsumerBuilder<String> chaining =
                        client.consumer(inputs, String.class).retry(RetryPolicy.fixed(1_000, Duration.ofMillis(50)));
                Handler<String> handler = delivery -> {
                    calls.incrementAndGet();
                    if (delivery.attempt() > 1) {
                        refused.countDown();
                    }
                    delivery.publish(outputs, Message.of(new byte[100]).withId("small-" + delivery.id()));
                    delivery.publish(outputs, Message.of(new byte[100_000]).withId("large-" + delivery.id()));
                };
                for (int i = 0; i < 100; i++) {
                    all.add("m" + i);
                    client.producer(inputs, String.class)
                            .send(Message.of("in").withId("m" + i).withKey("k" + i))
                            .get(20, TimeUnit.SECONDS);
                    if (i == 0) {
                        // alone, so that at least one is done before the store is full
                        try (Consumer first = chaining.start(handler)) {
                            await().atMost(BOUND).until(() -> calls.get() > 0 && first.inFlight() == 0);
                        }
                    }
                }
                chaining.start(handler);
                assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
            }
            ActiveMqPlainClient plain = new ActiveMqPlainClient(broker.bootstrap(), false);
            Set<String> left = ids(plain.read("inputs", 1, BOUND));
            Set<String> done = new HashSet<>(all);
            done.removeAll(left);
            assertThat(done).isNotEmpty();
            assertThat(left).isNotEmpty();
            List<PlainMessage> held = plain.read("outputs", 2 * done.size(), BOUND);
            assertThat(held).hasSize(2 * done.size());
            assertThat(ids(held))
                    .isEqualTo(done.stream()
                            .flatMap(id -> Stream.of("small-" + id, "large-" + id))
                            .collect(Collectors.toSet()));
        }
    }

    private static Set<String> ids(List<PlainMessage> messages) {
        return messages.stream().map(PlainMessage::id).collect(Collectors.toSet());
    }

    @Test
    void aFullAddressOfArtemisIsNamed() throws Exception {
        BrokerOptions options = durable()
                .withSetting("address.max-size-bytes", "1000000")
                .withSetting("address.address-full-policy", "FAIL");
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ARTEMIS, options);
                MessagingClient client = client(broker.url(), "anymq.producer.send-timeout", "3s")) {
            Producer<byte[]> producer = client.producer(Queue.of("full").unordered(), byte[].class);
            SendException full = null;
            for (int i = 0; i < 200 && full == null; i++) {
                CompletableFuture<Receipt> send = producer.send(new byte[100_000]);
                full = ended(send) ? null : failure(send);
            }
            assertThat(full).isNotNull();
            assertThat(full.code()).isEqualTo(ErrorCode.FULL);
            assertThat(full.outcome()).isEqualTo(SendException.Outcome.REJECTED);
        }
    }

    @Test
    void aFrameTooLargeForTheBrokerIsRefusedBeforeItIsSent() throws Exception {
        BrokerOptions options = durable().withSetting("connector.wireFormat.maxFrameSize", "300000");
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ACTIVEMQ, options);
                MessagingClient client = client(broker.url())) {
            Producer<byte[]> producer = client.producer(Queue.of("frames"), byte[].class, ProducerOptions.DEFAULT);
            SendException refused = failure(producer.send(new byte[400_000]));
            assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(refused.outcome()).isEqualTo(SendException.Outcome.REJECTED);
            producer.send(new byte[200_000]).get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void aSuspendedBrokerIsNamedInTime(BrokerKind kind) {
        try (LocalBroker broker = LocalBrokers.start(kind, durable())) {
            broker.suspend();
            refused(broker.url(), new Refusal(ErrorCode.UNAVAILABLE, "does not answer in OpenWire"));
            broker.resume();
        }
    }

    @Test
    void theSecondAddressIsUsedWhenNobodyIsAtTheFirst() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ACTIVEMQ);
                MessagingClient client =
                        client("activemq://127.0.0.1:1," + broker.bootstrap(), "anymq.connect-timeout", "10s")) {
            client.producer(Queue.of("second"), String.class).send("x").get(20, TimeUnit.SECONDS);
        }
    }
}
