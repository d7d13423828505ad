package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.LONG;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.lanes;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.VirtualTime;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("orders"));

    private final String name = "faults-" + UUID.randomUUID();
    private final String url = "inmemory:" + name;
    private final Map<String, Long> options = Map.of("queue-messages", 10L);
    private final Client shop = Client.connect(url, "shop", options, new VirtualTime());
    private final Client stock = Client.connect(url, "stock", options, new VirtualTime());
    private final InMemoryBroker broker = InMemoryBroker.named(name);

    @AfterEach
    void close() {
        shop.close();
        stock.close();
        broker.shutdown();
    }

    @Test
    void aStoppedBrokerAnswersNobodyAndKeepsEverything() {
        BrokerSender sender = shop.sender(QUEUE);
        Client.Lanes told = new Client.Lanes();
        BrokerReceiver receiver = shop.receiver(QUEUE, told);
        send(sender, Sent.keyed("a", "k"), Sent.keyed("b", "k"), Sent.keyed("c", "k"));
        List<? extends InboundMessage> held = receiver.receive(2, AT_ONCE);
        held.get(0).attempts(1);
        for (int i = 0; i < 7; i++) {
            send(sender, Sent.of("filler" + i));
        }
        Sent waiting = send(sender, Sent.of("waiting")).get(0);
        Collection<Lane> lanes = lanes(receiver);

        broker.stop();
        broker.stop();

        unavailable(() -> Client.connect(url, "late"));
        unavailable(() -> shop.provision(QUEUE));
        unavailable(() -> shop.sender(QUEUE));
        unavailable(() -> receiver.acknowledge(held));
        unavailable(() -> receiver.receive(1, LONG));
        unavailable(() -> receiver.receive(1, LONG));
        assertThat(told.lost).containsExactlyInAnyOrderElementsOf(lanes);
        assertThat(lanes(receiver)).isEmpty();
        assertThat(waiting.outcome()).isEqualTo(Sent.Outcome.REJECTED);
        Sent late = send(sender, Sent.of("late")).get(0);
        assertThat(late.outcome()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(late.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(late.error().isRetryable()).isTrue();
        assertThat(shop.connection.probe(LONG).status()).isEqualTo(Health.Status.DOWN);
        assertThat(broker.browse("orders")).hasSize(10);

        broker.start();

        assertThat(shop.connection.probe(LONG).status()).isEqualTo(Health.Status.UP);
        unavailable(() -> receiver.receive(1, LONG));
        receiver.close(Duration.ZERO);
        BrokerReceiver again = stock.receiver(QUEUE);
        List<InboundMessage> keyed = again.receive(20, AT_ONCE).stream()
                .filter(m -> m.key() != null)
                .<InboundMessage>map(m -> m)
                .toList();
        assertThat(ids(keyed)).containsExactly("a", "b", "c");
        assertThat(keyed).extracting(InboundMessage::deliveryCount).containsExactly(2, 1, 1);
        again.acknowledge(keyed);
        assertThat(send(sender, Sent.of("after")).get(0).outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
    }

    @Test
    void aReceiverThatSleepsLearnsAtOnceThatTheBrokerStopped() throws Exception {
        BrokerReceiver receiver = shop.receiver(QUEUE);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                receiver.receive(1, Duration.ofMinutes(5));
            } catch (MessagingException e) {
                failure.complete(e);
            }
        });
        thread.start();
        Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        broker.stop();

        assertThat(failure.get(5, TimeUnit.SECONDS)).hasMessageContaining(name);
    }

    @ParameterizedTest
    @EnumSource(io.anymq.policy.Ordering.class)
    void aCrashedClientsMessagesGoToTheOthersInTheirOldOrder(io.anymq.policy.Ordering ordering) {
        Address address = new Address.OfQueue(new Queue("jobs", ordering));
        Client.Lanes told = new Client.Lanes();
        BrokerReceiver crashing = shop.receiver(address, told);
        BrokerSender sender = stock.sender(address);
        for (int i = 0; i < 6; i++) {
            send(sender, Sent.keyed("m" + i, "k"));
        }
        List<? extends InboundMessage> held = crashing.receive(4, AT_ONCE);
        crashing.acknowledge(List.of(held.get(1)));
        held.get(0).attempts(1);
        BrokerReceiver survivor = stock.receiver(address);

        assertThat(broker.disconnect("shop")).isEqualTo(1);

        List<? extends InboundMessage> again = survivor.receive(10, AT_ONCE);
        assertThat(ids(again)).containsExactly("m0", "m2", "m3", "m4", "m5");
        assertThat(again.get(0).deliveryCount()).isEqualTo(2);
        assertThat(again.get(1).deliveryCount()).isEqualTo(1);
        unavailable(() -> crashing.acknowledge(held));
        unavailable(() -> crashing.receive(1, LONG));
        assertThat(told.lost).isNotEmpty();
        survivor.acknowledge(again);
        assertThat(broker.browse("jobs")).isEmpty();
        assertThat(shop.receiver(address).receive(1, AT_ONCE))
                .as("may come back")
                .isEmpty();
    }

    @Test
    void sendsThatWaitForRoomEndAsUnknownWhenTheirConnectionBreaks() {
        BrokerSender sender = shop.sender(QUEUE);
        for (int i = 0; i < 10; i++) {
            send(sender, Sent.of("filler" + i));
        }
        Sent mine = send(sender, Sent.of("mine")).get(0);
        Sent others = send(stock.sender(QUEUE), Sent.of("others")).get(0);

        broker.disconnect("shop");

        assertThat(mine.outcome()).isEqualTo(Sent.Outcome.UNKNOWN);
        assertThat(mine.error().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(others.outcomeNow()).isNull();
        BrokerReceiver receiver = stock.receiver(QUEUE);
        receiver.acknowledge(receiver.receive(1, AT_ONCE));
        assertThat(others.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
    }

    @Test
    void anIsolatedClientIsRefusedUntilItMayRejoin() {
        BrokerSender sender = shop.sender(QUEUE);
        broker.isolate("shop");

        unavailable(() -> shop.receiver(QUEUE));
        unavailable(() -> Client.connect(url, "shop"));
        assertThat(send(sender, Sent.of("a")).get(0).outcome()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(shop.connection.probe(LONG).status()).isEqualTo(Health.Status.DOWN);
        assertThat(stock.connection.probe(LONG).status()).isEqualTo(Health.Status.UP);

        broker.rejoin("shop");
        assertThat(send(sender, Sent.of("a")).get(0).outcome()).isEqualTo(Sent.Outcome.CONFIRMED);
        assertThat(shop.receiver(QUEUE).receive(1, AT_ONCE)).hasSize(1);
        assertThat(broker.clients()).containsExactly("shop", "stock");
    }

    @Test
    void whatAnIsolatedClientSaysOfItsAttemptsDoesNotArrive() {
        send(shop.sender(QUEUE), Sent.of("a"));
        InboundMessage held = shop.receiver(QUEUE).receive(1, AT_ONCE).get(0);
        held.attempts(1);
        broker.isolate("shop");
        held.attempts(0);

        assertThat(stock.receiver(QUEUE).receive(1, AT_ONCE).get(0).deliveryCount())
                .isEqualTo(2);
    }

    private static void unavailable(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MessagingException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(e.isRetryable()).isTrue();
        });
    }
}
