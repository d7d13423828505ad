package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.VirtualTime;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DelayTest {
    @ParameterizedTest
    @EnumSource(io.anymq.policy.Ordering.class)
    void delayedMessagesComeInTheOrderTheyAreDueAndNotBefore(io.anymq.policy.Ordering ordering) {
        VirtualTime time = new VirtualTime();
        Address address = new Address.OfQueue(new Queue("later", ordering));
        try (Client client = Client.connect("inmemory:", "shop", Map.of(), time)) {
            BrokerSender sender = client.sender(address);
            BrokerReceiver receiver = client.receiver(address);
            long now = time.currentTimeMillis();
            List<Sent> sent = send(
                    sender,
                    Sent.delayed("in 50", now + 50),
                    Sent.delayed("in 10", now + 10),
                    Sent.delayed("past", now - 10),
                    Sent.of("now"));

            assertThat(sent).extracting(Sent::outcomeNow).containsOnly(Sent.Outcome.CONFIRMED);
            assertThat(ids(receiver.receive(10, AT_ONCE))).containsExactlyInAnyOrder("past", "now");
            time.advance(Duration.ofMillis(9));
            assertThat(receiver.receive(10, AT_ONCE)).isEmpty();
            time.advance(Duration.ofMillis(1));
            assertThat(ids(receiver.receive(10, AT_ONCE))).containsExactly("in 10");
            assertThat(client.broker().browse("later"))
                    .filteredOn(m -> m.state() == InMemoryBroker.State.DELAYED)
                    .extracting(InMemoryBroker.StoredMessage::id)
                    .containsExactly("in 50");
            client.broker().stop();
            client.broker().start();
            time.advance(Duration.ofMillis(40));
            BrokerReceiver second = client.receiver(address);
            assertThat(ids(second.receive(10, AT_ONCE))).contains("in 50").hasSize(4);
        }
    }

    /** The receiver sleeps before the message is sent, so that the send has to set its clock. */
    @ParameterizedTest
    @EnumSource(io.anymq.policy.Ordering.class)
    void aReceiverThatSleepsIsWokenWhenAMessageIsDue(io.anymq.policy.Ordering ordering) throws Exception {
        VirtualTime time = new VirtualTime();
        Address address = new Address.OfQueue(new Queue("later", ordering));
        try (Client client = Client.connect("inmemory:", "shop", Map.of(), time)) {
            BrokerSender sender = client.sender(address);
            BrokerReceiver receiver = client.receiver(address);
            CompletableFuture<List<? extends InboundMessage>> received = new CompletableFuture<>();
            Thread thread = new Thread(() -> received.complete(receiver.receive(10, Duration.ofSeconds(20))));
            thread.start();
            Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

            long now = time.currentTimeMillis();
            send(sender, Sent.delayed("late", now + 60_000));
            Awaitility.await().until(() -> time.waiting() == 1);
            send(sender, Sent.delayed("early", now + 1_000));
            Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            Awaitility.await().untilAsserted(() -> {
                time.advance(Duration.ofMillis(500));
                assertThat(received).isDone();
            });

            assertThat(ids(received.get(1, TimeUnit.SECONDS))).containsExactly("early");
            assertThat(time.currentTimeMillis()).isGreaterThanOrEqualTo(now + 1_000);
            receiver.close(Duration.ZERO);
            assertThat(time.waiting()).isZero();
        }
    }

    @Test
    void inRealTimeNoMessageIsEarlyAndNoneMuchTooLate() {
        try (RealTime time = new RealTime();
                Client client = Client.connect("inmemory:", "shop", Map.of(), time)) {
            Address address = new Address.OfQueue(Queue.of("later").unordered());
            BrokerSender sender = client.sender(address);
            BrokerReceiver receiver = client.receiver(address);
            long base = System.currentTimeMillis() + 20;
            for (int i = 19; i >= 0; i--) {
                send(sender, Sent.delayed("m" + i, base + i * 10L));
            }
            int received = 0;
            while (received < 20) {
                List<? extends InboundMessage> due = receiver.receive(10, Duration.ofSeconds(5));
                long now = System.currentTimeMillis();
                assertThat(due).isNotEmpty();
                for (InboundMessage message : due) {
                    assertThat(message.id()).isEqualTo("m" + received++);
                    // Generous above, because the machine that runs the build is shared.
                    assertThat(now).isBetween(message.deliverAtMillis(), message.deliverAtMillis() + 250);
                }
                receiver.acknowledge(due);
            }
        }
    }
}
