package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.rocketmq.protocol.Answer;
import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.rocketmq.protocol.ClientSettings;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.Failure.Reason;
import io.anymq.rocketmq.protocol.MessageRequests.Pull;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.rocketmq.protocol.TopicRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each request of the protocol's, against a real name server and a real broker. */
class RocketMqProtocolIT {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final String name = "protocol-" + UUID.randomUUID();
    private final CountDownLatch membersChanged = new CountDownLatch(1);
    private final List<ProtocolClient> clients = new ArrayList<>();
    private ProtocolClient client;
    private String broker;

    @BeforeEach
    void start() {
        client = client();
        client.onMembersChanged(membersChanged::countDown);
        broker = client.nameServers().brokers(BOUND).first();
    }

    private ProtocolClient client() {
        ClientSettings settings = new ClientSettings(SharedBroker.nameServer(), BOUND, null, null, null);
        ProtocolClient started = ProtocolClient.start(settings, "protocol", RocketMqTranslator::error);
        clients.add(started);
        started.nameServers().brokers(BOUND);
        return started;
    }

    @AfterEach
    void end() {
        clients.forEach(each -> each.close(BOUND));
    }

    /** Completes with a result or a {@link Failure}. */
    private static final class Outcome<T> implements Answer<T> {
        private final CompletableFuture<Object> ended = new CompletableFuture<>();

        @Override
        public void ended(@Nullable T answer, @Nullable Failure failure) {
            ended.complete(failure == null ? answer : failure);
        }

        <V> V as(Class<V> type) throws Exception {
            Object end = ended.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(end).isInstanceOf(type);
            return type.cast(end);
        }
    }

    /** And a group of the same name. */
    private MessageQueue createTopic() {
        client.broker(broker, BOUND).createTopic(name, 2, false, 0);
        client.broker(broker, BOUND).createGroup(name);
        await().atMost(BOUND).until(() -> client.nameServers().route(name, BOUND) != null);
        return new MessageQueue(name, broker, 1);
    }

    private SendResult send(MessageQueue queue, String... texts) throws Exception {
        List<Message> messages = new ArrayList<>();
        for (String text : texts) {
            messages.add(new Message(name, text.getBytes(UTF_8)));
        }
        Outcome<SendResult> outcome = new Outcome<>();
        client.messages().send(messages, queue, BOUND, outcome);
        return outcome.as(SendResult.class);
    }

    private static List<String> texts(PullResult result) {
        return result.getMsgFoundList().stream()
                .map(message -> new String(message.getBody(), UTF_8))
                .toList();
    }

    @Test
    void aTopicIsCreatedAndItsRouteFound() {
        assertThat(client.nameServers().route(name, BOUND)).isNull();
        client.nameServers().keepRoute(name, Set.of(broker), 2, BOUND);
        MessageQueue queue = createTopic();
        TopicRoute route = client.nameServers().route(name, BOUND);
        assertThat(route.readable()).containsExactly(new MessageQueue(name, broker, 0), queue);
        assertThat(route.writable()).isEqualTo(route.readable());
        assertThat(route.brokers()).containsExactly(broker);
        client.broker(broker, BOUND).ping();
    }

    @Test
    void whatIsSentAloneOrTogetherIsPulledInOrder() throws Exception {
        MessageQueue queue = createTopic();
        SendResult alone = send(queue, "a");
        SendResult together = send(queue, "b", "c", "d");
        assertThat(alone.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
        assertThat(alone.getQueueOffset()).isZero();
        assertThat(together.getQueueOffset()).isEqualTo(1);
        await().atMost(BOUND).until(() -> client.broker(queue, BOUND).end(queue) == 4);
        PullResult pulled = client.messages().pull(new Pull(name, queue, 0, 32, Duration.ZERO), BOUND);
        assertThat(pulled.getPullStatus()).isEqualTo(PullStatus.FOUND);
        assertThat(texts(pulled)).containsExactly("a", "b", "c", "d");
        assertThat(pulled.getNextBeginOffset()).isEqualTo(4);
    }

    @Test
    void aPullWaitsForAMessage() throws Exception {
        MessageQueue queue = createTopic();
        Outcome<PullResult> outcome = new Outcome<>();
        client.messages().pull(new Pull(name, queue, 0, 32, BOUND), BOUND, outcome);
        send(queue, "late");
        assertThat(texts(outcome.as(PullResult.class))).containsExactly("late");
    }

    @Test
    void aPullThatBringsNothingHoldsNoMessages() {
        PullResult pulled = client.messages().pull(new Pull(name, createTopic(), 0, 32, Duration.ofMillis(1)), BOUND);
        assertThat(pulled.getPullStatus()).isNotEqualTo(PullStatus.FOUND);
        assertThat(pulled.getMsgFoundList()).isEmpty();
    }

    @Test
    void aTopicThatIsMissingRefusesAndStoresNothing() throws Exception {
        Outcome<SendResult> outcome = new Outcome<>();
        client.messages()
                .send(List.of(new Message(name, new byte[1])), new MessageQueue(name, broker, 0), BOUND, outcome);
        assertThat(outcome.as(Failure.class).reason()).isEqualTo(Reason.MISSING);
        assertThat(client.nameServers().route(name, BOUND)).isNull();
    }

    @Test
    void offsetsAreCommittedAndRead() throws Exception {
        MessageQueue queue = createTopic();
        send(queue, "a", "b");
        await().atMost(BOUND).until(() -> client.broker(queue, BOUND).end(queue) == 2);
        assertThat(client.broker(queue, BOUND).first(queue)).isZero();
        assertThat(client.broker(queue, BOUND).committed(name, queue)).isEqualTo(BrokerRequests.NONE);
        client.broker(queue, BOUND).commit(name, queue, 1);
        assertThat(client.broker(queue, BOUND).committed(name, queue)).isEqualTo(1);
        Outcome<Long> outcome = new Outcome<>();
        client.broker(queue, BOUND).commit(name, queue, 2, outcome);
        assertThat(outcome.as(Long.class)).isEqualTo(2);
        assertThat(client.broker(queue, BOUND).committed(name, queue)).isEqualTo(2);
    }

    @Test
    void aGroupIsCreatedOnce() {
        assertThat(client.broker(broker, BOUND).hasGroup(name)).isFalse();
        client.broker(broker, BOUND).createGroup(name);
        client.broker(broker, BOUND).createGroup(name);
        assertThat(client.broker(broker, BOUND).hasGroup(name)).isTrue();
    }

    @Test
    void membersAreKnownByTheirHeartbeatsAndToldOfEachOther() throws Exception {
        createTopic();
        assertThat(client.broker(broker, BOUND).members(name)).isEmpty();
        client.broker(broker, BOUND).heartbeat(name, "one", List.of(name));
        ProtocolClient other = client();
        other.broker(broker, BOUND).heartbeat(name, "two", List.of(name));
        assertThat(client.broker(broker, BOUND).members(name)).containsExactlyInAnyOrder("one", "two");
        assertThat(membersChanged.await(BOUND.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        other.broker(broker, BOUND).leave(name, "two");
        assertThat(client.broker(broker, BOUND).members(name)).containsExactly("one");
    }

    @Test
    void aLockHasOneOwnerUntilItIsUnlocked() {
        Set<MessageQueue> queues = Set.of(createTopic());
        assertThat(client.broker(broker, BOUND).lock(name, "one", queues)).isEqualTo(queues);
        assertThat(client.broker(broker, BOUND).lock(name, "one", queues)).isEqualTo(queues);
        assertThat(client.broker(broker, BOUND).lock(name, "two", queues)).isEmpty();
        client.broker(broker, BOUND).unlock(name, "two", queues);
        assertThat(client.broker(broker, BOUND).lock(name, "two", queues)).isEmpty();
        client.broker(broker, BOUND).unlock(name, "one", queues);
        assertThat(client.broker(broker, BOUND).lock(name, "two", queues)).isEqualTo(queues);
    }

    @Test
    void whatIsStoredBecomesReadable() throws Exception {
        send(createTopic(), "a");
        long stored = client.broker(broker, BOUND).logPosition().stored();
        assertThat(stored).isPositive();
        await().atMost(BOUND)
                .until(() -> client.broker(broker, BOUND).logPosition().readable() >= stored);
    }
}
