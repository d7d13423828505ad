package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.lanes;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class WaitingTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("orders"));
    private static final Duration VERY_LONG = Duration.ofMinutes(5);

    private final Client client = Client.connect("inmemory:", "shop");

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void aMessageEndsTheWait(Ordering ordering) throws Exception {
        Address address = new Address.OfQueue(new Queue("q", ordering));
        BrokerReceiver receiver = client.receiver(address);
        Asleep asleep = new Asleep(receiver, 10);

        send(client.sender(address), Sent.keyed("a", "k"));

        assertThat(ids(asleep.result())).containsExactly("a");
    }

    @Test
    void wakeupEndsTheWaitEvenIfItComesBeforeIt() throws Exception {
        BrokerReceiver receiver = client.receiver(QUEUE);
        receiver.wakeup();
        assertThat(receiver.receive(10, VERY_LONG)).isEmpty();

        Asleep asleep = new Asleep(receiver, 10);
        receiver.wakeup();
        assertThat(asleep.result()).isEmpty();
    }

    @Test
    void theWaitEndsByItself() {
        assertThat(client.receiver(QUEUE).receive(10, Duration.ofMillis(20))).isEmpty();
    }

    @Test
    void withMaximumZeroMessagesDoNotEndTheWait() throws Exception {
        BrokerReceiver receiver = client.receiver(QUEUE);
        send(client.sender(QUEUE), Sent.of("a"));
        Asleep asleep = new Asleep(receiver, 0);
        send(client.sender(QUEUE), Sent.of("b"));

        receiver.wakeup();

        assertThat(asleep.result()).isEmpty();
        assertThat(receiver.receive(10, AT_ONCE)).hasSize(2);
    }

    @Test
    void aSleepingOwnerGivesUpLanesAtOnce() throws Exception {
        BrokerReceiver receiver = client.receiver(QUEUE);
        Asleep asleep = new Asleep(receiver, 10);

        BrokerReceiver second = client.receiver(QUEUE);

        Awaitility.await().until(() -> lanes(second).size() == 8);
        receiver.wakeup();
        assertThat(asleep.result()).isEmpty();
    }

    @Test
    void aSleepingReceiverLearnsOfLanesItInherits() throws Exception {
        Address total = new Address.OfQueue(Queue.of("total").totalOrder());
        BrokerReceiver owner = client.receiver(total);
        BrokerReceiver standIn = client.receiver(total);
        send(client.sender(total), Sent.of("a"));
        assertThat(owner.receive(1, AT_ONCE)).hasSize(1);
        Asleep asleep = new Asleep(standIn, 10);

        owner.close(Duration.ZERO);

        assertThat(ids(asleep.result())).containsExactly("a");
    }

    @Test
    void aCloseWakesAnotherReceiver() throws Exception {
        Address loose = new Address.OfQueue(Queue.of("loose").unordered());
        BrokerReceiver first = client.receiver(loose);
        send(client.sender(loose), Sent.of("a"));
        assertThat(first.receive(1, AT_ONCE)).hasSize(1);
        Asleep asleep = new Asleep(client.receiver(loose), 10);

        first.close(Duration.ZERO);

        assertThat(ids(asleep.result())).containsExactly("a");
    }

    @Test
    void aBatchWakesAsManyAsCanShareIt() throws Exception {
        Address loose = new Address.OfQueue(Queue.of("loose").unordered());
        Asleep one = new Asleep(client.receiver(loose), 1);
        Asleep two = new Asleep(client.receiver(loose), 1);
        Asleep three = new Asleep(client.receiver(loose), 1);

        send(client.sender(loose), Sent.of("a"), Sent.of("b"), Sent.of("c"));

        assertThat(List.of(
                        ids(one.result()).get(0),
                        ids(two.result()).get(0),
                        ids(three.result()).get(0)))
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void anInterruptEndsTheWaitAndStaysVisible() throws Exception {
        BrokerReceiver receiver = client.receiver(QUEUE);
        Asleep asleep = new Asleep(receiver, 10);

        asleep.thread.interrupt();

        assertThat(asleep.result()).isEmpty();
        assertThat(asleep.interrupted.get(5, TimeUnit.SECONDS)).isTrue();
    }

    /** A receive that has been seen waiting. */
    private static final class Asleep {
        final Thread thread;
        final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        private final CompletableFuture<List<? extends InboundMessage>> received = new CompletableFuture<>();

        Asleep(BrokerReceiver receiver, int max) {
            thread = new Thread(() -> {
                received.complete(receiver.receive(max, VERY_LONG));
                interrupted.complete(Thread.currentThread().isInterrupted());
            });
            thread.start();
            Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            assertThat(received).isNotDone();
        }

        List<? extends InboundMessage> result() throws Exception {
            return received.get(5, TimeUnit.SECONDS);
        }
    }
}
