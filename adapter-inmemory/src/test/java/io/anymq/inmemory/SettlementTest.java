package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.lanes;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SettlementTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("orders"));

    private final Client client = Client.connect("inmemory:", "shop");
    private final BrokerSender sender = client.sender(QUEUE);
    private final BrokerReceiver receiver = client.receiver(QUEUE);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whatWasSentArrivesUnchanged() {
        byte[] body = "grüße 🌍".getBytes(StandardCharsets.UTF_8);
        Sent sent = new Sent("id-1", "Ünicode 🔑", body, Map.of("tenant", "acmé", "empty", ""), 0);
        send(sender, sent, new Sent("id-2", null, new byte[0], Map.of(), 0));

        assertThat(sent.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
        List<? extends InboundMessage> received = receiver.receive(10, AT_ONCE);
        assertThat(ids(received)).containsExactlyInAnyOrder("id-1", "id-2");
        InboundMessage first =
                received.stream().filter(m -> m.id().equals("id-1")).findFirst().orElseThrow();
        assertThat(first.key()).isEqualTo("Ünicode 🔑");
        assertThat(first.body()).isEqualTo(body);
        assertThat(first.headers()).isEqualTo(Map.of("tenant", "acmé", "empty", ""));
        assertThat(first.contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(first.sentAtMillis()).isEqualTo(sent.sentAtMillis());
        assertThat(first.deliverAtMillis()).isZero();
        assertThat(first.deliveryCount()).isEqualTo(1);
        assertThat(first.unwrap(InMemoryBroker.StoredMessage.class)
                        .orElseThrow()
                        .id())
                .isEqualTo("id-1");
        assertThat(first.unwrap(String.class)).isEmpty();
    }

    @Test
    void acknowledgedMessagesAreGone() {
        send(sender, Sent.keyed("a", "k"), Sent.keyed("b", "k"), Sent.keyed("c", "k"));
        List<? extends InboundMessage> received = receiver.receive(10, AT_ONCE);

        receiver.acknowledge(List.of(received.get(2), received.get(0)));
        receiver.acknowledge(List.of(received.get(2)));

        assertThat(client.broker().browse("orders"))
                .extracting(InMemoryBroker.StoredMessage::id, InMemoryBroker.StoredMessage::state)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("b", InMemoryBroker.State.IN_FLIGHT));
        InMemoryBroker.QueueMetrics metrics = client.broker().metrics("orders").orElseThrow();
        assertThat(metrics.settled()).isEqualTo(2);
        assertThat(metrics.inFlight()).isEqualTo(1);
        assertThat(metrics.ready()).isZero();
        receiver.acknowledge(List.of(received.get(1)));
        assertThat(client.broker().metrics("orders").orElseThrow().bytes()).isZero();
    }

    @Test
    void aCloseKeepsPlacesAndSpendsNoAttempt() {
        for (int i = 0; i < 6; i++) {
            send(sender, Sent.keyed("m" + i, "k"));
        }
        List<? extends InboundMessage> received = receiver.receive(4, AT_ONCE);
        received.get(0).attempts(1);
        receiver.acknowledge(List.of(received.get(1)));

        receiver.close(Duration.ofSeconds(1));

        List<? extends InboundMessage> again = client.receiver(QUEUE).receive(10, AT_ONCE);
        assertThat(ids(again)).containsExactly("m0", "m2", "m3", "m4", "m5");
        assertThat(again).extracting(InboundMessage::deliveryCount).containsExactly(2, 1, 1, 1, 1);
    }

    @Test
    void announcedAttemptsAreCounted() {
        send(sender, Sent.of("poison"));
        InboundMessage first = receiver.receive(1, AT_ONCE).get(0);
        first.attempts(1);
        first.attempts(2);
        assertThat(first.deliveryCount()).isEqualTo(1);

        receiver.close(Duration.ofSeconds(1));

        BrokerReceiver next = client.receiver(QUEUE);
        assertThat(next.receive(1, AT_ONCE).get(0).deliveryCount()).isEqualTo(3);
        assertThat(client.broker().browse("orders").get(0).attempts()).isEqualTo(2);
    }

    @Test
    void anAttemptThatIsTakenBackIsNotCounted() {
        send(sender, Sent.of("in a batch that fails"));
        InboundMessage first = receiver.receive(1, AT_ONCE).get(0);
        first.attempts(1);
        first.attempts(0);

        receiver.close(Duration.ofSeconds(1));

        assertThat(client.receiver(QUEUE).receive(1, AT_ONCE).get(0).deliveryCount())
                .isEqualTo(1);
    }

    @Test
    void aLateSettlementOfAnEarlierHandOutIsIgnored() {
        send(sender, Sent.keyed("a", "k"));
        InboundMessage early = receiver.receive(1, AT_ONCE).get(0);
        receiver.close(Duration.ofSeconds(1));
        BrokerReceiver next = client.receiver(QUEUE);
        InboundMessage again = next.receive(1, AT_ONCE).get(0);

        receiver.acknowledge(List.of(early));
        next.acknowledge(List.of(early));

        assertThat(client.broker().metrics("orders").orElseThrow().inFlight()).isEqualTo(1);
        next.acknowledge(List.of(again));
        assertThat(client.broker().browse("orders")).isEmpty();
    }

    @Test
    void anotherReceiverCannotSettle() {
        BrokerReceiver other = client.receiver(QUEUE);
        send(sender, Sent.keyed("a", "k"));
        InboundMessage message = java.util.stream.Stream.of(receiver, other)
                .flatMap(r -> r.receive(1, AT_ONCE).stream())
                .findFirst()
                .orElseThrow();
        BrokerReceiver stranger = lanes(receiver).contains(message.lane()) ? other : receiver;

        stranger.acknowledge(List.of(message));

        assertThat(client.broker().metrics("orders").orElseThrow().inFlight()).isEqualTo(1);
    }
}
