package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.anymq.Queue;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.support.AttemptCounts;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queues in which consumers are counted and attempts are kept, and those of older versions beside them. */
@Tag("rabbitmq")
class RabbitMqHelperQueuesIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LANES = 8;

    private final String name = SpiContext.uniqueName("helped");
    private final String members = RabbitMqNames.quorum(RabbitMqNames.members(name));
    private final String attempts = RabbitMqNames.quorum(RabbitMqNames.attempts(name));
    private final Address ordered = new Address.OfQueue(Queue.of(name));
    private final Address unordered = new Address.OfQueue(Queue.of(name).unordered());
    private final Set<String> sent = new HashSet<>();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final List<String> twice = new CopyOnWriteArrayList<>();
    private RabbitMqConnection connection;
    private Connection plain;
    private Channel channel;

    @BeforeEach
    void open() throws Exception {
        connection = SharedBroker.connect(Map.of("lanes", Integer.toString(LANES)));
        plain = SharedBroker.plain();
        channel = plain.createChannel();
    }

    @AfterEach
    void close() throws Exception {
        plain.close();
        connection.close(BOUND);
    }

    private int consumers(String queue) throws IOException {
        return channel.queueDeclarePassive(queue).getConsumerCount();
    }

    /** Sends to all lanes, and has these receivers work, until the condition holds. */
    private void workUntil(Callable<Boolean> condition, SteppedReceiver... receivers) throws Exception {
        BrokerSender sender = connection.openSender(ordered, new SenderOptions(100, BOUND));
        long end = System.nanoTime() + BOUND.toNanos();
        for (int i = 0; !condition.call(); i++) {
            assertThat(System.nanoTime()).as("done within the bound").isLessThan(end);
            String id = "m" + sent.size();
            Outgoing message = Outgoing.text(id, "key" + i, "x");
            sender.send(message);
            assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
            sent.add(message.id());
            for (SteppedReceiver receiver : receivers) {
                works(receiver);
            }
        }
        sender.close(BOUND);
    }

    private int works(SteppedReceiver receiver) {
        List<InboundMessage> some = receiver.receive(10, SHORT);
        some.forEach(message -> handled(message.id()));
        receiver.acknowledge(some);
        return some.size();
    }

    private void handled(String id) {
        if (!handled.add(id)) {
            twice.add(id);
        }
    }

    /** As an operator may delete a queue that is always empty; the server then cancels its consumers. */
    @Test
    void membersThatTheServerCancelsJoinAgain() throws Exception {
        connection.provision(ordered, ProvisionMode.CREATE);
        try (SteppedReceiver first = new SteppedReceiver(connection, ordered, "first", 100);
                SteppedReceiver second = new SteppedReceiver(connection, ordered, "second", 100)) {
            await().atMost(BOUND).until(() -> consumers(members) == 2);
            channel.queueDelete(members);
            try (SteppedReceiver third = new SteppedReceiver(connection, ordered, "third", 100)) {
                workUntil(() -> works(third) > 0, first, second);
                assertThat(consumers(members)).isEqualTo(3);
            }
        }
    }

    /** An older version knows no other members than those of the classic queue. */
    @Test
    void membersOfOlderVersionsGetTheirShareAndSeeTheOthers() throws Exception {
        connection.provision(ordered, ProvisionMode.CREATE);
        channel.queueDeclare(RabbitMqNames.members(name), true, false, false, Map.of("x-queue-type", "classic"));
        try (SteppedReceiver receiver = new SteppedReceiver(connection, ordered, "new", 100)) {
            await().atMost(BOUND).until(() -> consumers(RabbitMqNames.members(name)) == 1);
            AtomicInteger theirs = new AtomicInteger();
            workUntil(() -> works(receiver) > 0, receiver);
            CancelCallback never = tag -> {};
            channel.basicConsume(RabbitMqNames.members(name), true, (tag, message) -> {}, never);
            channel.basicQos(10);
            for (int lane = 0; lane < LANES; lane++) {
                channel.basicConsume(
                        RabbitMqNames.lane(name, lane),
                        false,
                        (tag, message) -> {
                            theirs.incrementAndGet();
                            handled(message.getProperties().getMessageId());
                            channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
                        },
                        never);
            }
            workUntil(() -> theirs.get() > 0, receiver);
            assertThat(receiver.revoked()).hasSize(LANES / 2);
            await().atMost(BOUND).until(() -> {
                works(receiver);
                return handled.containsAll(sent);
            });
            assertThat(twice)
                    .as("handled by the owners of one lane at the same time")
                    .isEmpty();
        }
    }

    /** Sends a message, has a consumer die with it, and returns how the message is named in records. */
    private String identityOfAReturnedMessage() throws Exception {
        connection.provision(unordered, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(unordered, new SenderOptions(100, BOUND));
        Outgoing message = Outgoing.text("m", null, "x");
        sender.send(message);
        assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        sender.close(BOUND);
        RabbitMqConnection dying = SharedBroker.connect(Map.of());
        SteppedReceiver receiver = new SteppedReceiver(dying, unordered, "dying", 10);
        String identity = ((RabbitMqMessage) receiver.receiveCount(1).get(0)).identity();
        dying.close(BOUND);
        receiver.close();
        return identity;
    }

    private void publish(String queue, byte[] record) throws IOException {
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, record);
    }

    /** What another process has written down last about a message. */
    private static byte[] record(AttemptCounts counts, String identity, int made) {
        for (int attempt = 1; attempt < made; attempt++) {
            counts.record(Map.of(identity, attempt));
        }
        return counts.record(Map.of(identity, made));
    }

    private int deliveryCountOfTheNextReceiver() {
        try (SteppedReceiver receiver = new SteppedReceiver(connection, unordered, "next", 10)) {
            List<InboundMessage> got = receiver.receiveCount(1);
            receiver.acknowledge(got);
            return got.get(0).deliveryCount();
        }
    }

    @Test
    void attemptsThatOlderVersionsRecordedCount() throws Exception {
        String identity = identityOfAReturnedMessage();
        String older = RabbitMqNames.attempts(name);
        HelperQueue.attempts(name, false, true).get(0).open(channel);
        channel.confirmSelect();
        publish(older, record(new AttemptCounts(), identity, 6));
        channel.waitForConfirmsOrDie(BOUND.toMillis());
        assertThat(deliveryCountOfTheNextReceiver()).isEqualTo(7);
        assertThat(channel.queueDeclarePassive(older).getMessageCount())
                .as("left for the older version")
                .isPositive();
    }

    /** Without a limit of its own, a reader of a quorum queue gets no more than 2,000 that it does not acknowledge. */
    @Test
    void moreRecordsThanAReaderHoldsAreReadAndMerged() throws Exception {
        String identity = identityOfAReturnedMessage();
        AttemptCounts counts = new AttemptCounts();
        HelperQueue.attempts(name, true, true).get(0).open(channel);
        channel.confirmSelect();
        for (int i = 0; i < 11_000; i++) {
            publish(attempts, record(counts, "other" + i, 1));
        }
        publish(attempts, record(counts, identity, 6));
        channel.waitForConfirmsOrDie(BOUND.toMillis());
        assertThat(deliveryCountOfTheNextReceiver()).isEqualTo(7);
        await().atMost(BOUND).until(() -> channel.queueDeclarePassive(attempts).getMessageCount() <= 10);
    }

    /** They all read the records first, and one reads at a time. */
    @Test
    void receiversThatReadAtTheSameTimeAllGoOn() throws Exception {
        connection.provision(unordered, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(unordered, new SenderOptions(100, BOUND));
        for (int i = 0; i < 40; i++) {
            Outgoing message = Outgoing.text("m" + i, null, "x");
            sender.send(message);
            assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
            sent.add(message.id());
        }
        sender.close(BOUND);
        RabbitMqConnection dying = SharedBroker.connect(Map.of());
        SteppedReceiver first = new SteppedReceiver(dying, unordered, "dying", 100);
        first.receiveCount(30);
        dying.close(BOUND);
        first.close();

        Set<String> received = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String reader = "reader" + i;
            readers.add(threads.submit(() -> {
                try (SteppedReceiver receiver = new SteppedReceiver(connection, unordered, reader, 10)) {
                    await().atMost(BOUND).until(() -> {
                        List<InboundMessage> some = receiver.receive(10, SHORT);
                        some.forEach(message -> received.add(message.id()));
                        receiver.acknowledge(some);
                        return received.size() == sent.size();
                    });
                }
            }));
        }
        for (Future<?> reader : readers) {
            reader.get(2 * BOUND.toSeconds(), TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(received).isEqualTo(sent);
    }
}
