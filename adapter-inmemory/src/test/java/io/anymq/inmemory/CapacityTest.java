package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.VirtualTime;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private static final Address QUEUE = new Address.OfQueue(Queue.of("orders").totalOrder());
    private static final Address LOOSE = new Address.OfQueue(Queue.of("loose").unordered());
    private static final Address KEYED = new Address.OfQueue(Queue.of("keyed"));
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final Client client = Client.connect(
            "inmemory:", "shop", Map.of("queue-messages", 3L, "queue-bytes", 10_000L, "max-body", 8_000L), time);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void sendsToAFullQueueWaitInLineForRoom() {
        BrokerSender sender = client.sender(QUEUE);
        BrokerReceiver receiver = client.receiver(QUEUE);
        List<Sent> sent = send(sender, Sent.of("a"), Sent.of("b"), Sent.of("c"), Sent.of("d"), Sent.of("e"));
        Sent last = Sent.of("f");
        sender.send(last);
        assertThat(sent)
                .extracting(Sent::outcomeNow)
                .containsExactly(Sent.Outcome.CONFIRMED, Sent.Outcome.CONFIRMED, Sent.Outcome.CONFIRMED, null, null);
        assertThat(client.broker().metrics("orders").orElseThrow().waitingSends())
                .isEqualTo(3);

        List<? extends InboundMessage> received = receiver.receive(10, AT_ONCE);
        assertThat(sent.get(3).outcomeNow()).as("in flight still takes room").isNull();
        receiver.acknowledge(received.subList(0, 2));

        assertThat(sent).extracting(Sent::outcomeNow).containsOnly(Sent.Outcome.CONFIRMED);
        assertThat(last.outcomeNow()).isNull();
        receiver.acknowledge(received);
        assertThat(last.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
        assertThat(ids(receiver.receive(10, AT_ONCE))).containsExactly("d", "e", "f");
    }

    @Test
    void bytesAreBoundedToo() {
        BrokerSender sender = client.sender(QUEUE);
        BrokerReceiver receiver = client.receiver(QUEUE);
        Sent large = Sent.sized("large", 8_000);
        Sent second = Sent.sized("second", 3_000);
        send(sender, large, second, Sent.sized("small", 1));

        assertThat(large.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
        assertThat(second.outcomeNow()).isNull();
        receiver.acknowledge(receiver.receive(10, AT_ONCE));
        assertThat(ids(receiver.receive(10, AT_ONCE))).containsExactly("second", "small");
    }

    @Test
    void withoutRoomASendIsRejectedWithinItsTimeOut() {
        BrokerSender sender = client.sender(LOOSE, TIMEOUT);
        send(sender, Sent.of("a"), Sent.of("b"), Sent.of("c"));
        Sent first = send(sender, Sent.of("first")).get(0);
        time.advance(Duration.ofMillis(500));
        Sent second = send(sender, Sent.of("second")).get(0);

        time.advance(Duration.ofMillis(500));
        assertThat(first.outcome()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(first.error().code()).isEqualTo(ErrorCode.FULL);
        assertThat(first.error().isRetryable()).isTrue();
        assertThat(second.outcomeNow()).isNull();
        time.advance(Duration.ofMillis(500));
        assertThat(second.outcome()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(time.waiting()).isZero();
        assertThat(client.broker().metrics("loose").orElseThrow().ready()).isEqualTo(3);

        Sent third = send(sender, Sent.of("third")).get(0);
        time.advance(TIMEOUT);
        assertThat(third.outcome()).as("the clock is wound up again").isEqualTo(Sent.Outcome.REJECTED);
    }

    @Test
    void whatWaitsBehindAFailedSendOfItsKeyFailsWithIt() {
        BrokerSender sender = client.sender(KEYED, TIMEOUT);
        send(sender, Sent.of("a"), Sent.of("b"), Sent.of("c"));
        Sent first = send(sender, Sent.keyed("1", "k")).get(0);
        time.advance(Duration.ofMillis(500));
        Sent behind = send(sender, Sent.keyed("2", "k")).get(0);
        Sent other = send(sender, Sent.keyed("3", "other")).get(0);

        time.advance(Duration.ofMillis(500));

        assertThat(first.outcomeNow()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(behind.outcomeNow()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(other.outcomeNow()).isNull();
    }

    @Test
    void aSmallMessageMovesUpWhenTheOneAheadGivesUp() {
        BrokerSender impatient = client.sender(LOOSE, TIMEOUT);
        BrokerSender patient = client.sender(LOOSE, Duration.ofSeconds(30));
        send(impatient, Sent.sized("a", 7_000));
        Sent large = send(impatient, Sent.sized("large", 7_000)).get(0);
        Sent small = send(patient, Sent.sized("small", 10)).get(0);
        assertThat(small.outcomeNow()).as("first come, first served").isNull();

        time.advance(TIMEOUT);

        assertThat(large.outcomeNow()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(small.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
    }

    @Test
    void aFullQueueStillTakesBackWhatItsConsumersHold() {
        send(client.sender(LOOSE), Sent.of("a"), Sent.of("b"), Sent.of("c"));
        BrokerReceiver receiver = client.receiver(LOOSE);
        BrokerSender back =
                client.sender(new Address.Redelivery(Queue.of("loose").unordered(), 16), TIMEOUT);
        List<? extends InboundMessage> held = receiver.receive(1, AT_ONCE);

        Sent again = Sent.delayed("a", time.currentTimeMillis() + 5_000);
        Sent tooMany = Sent.of("x");
        send(back, again, tooMany);

        assertThat(again.outcomeNow()).isEqualTo(Sent.Outcome.CONFIRMED);
        assertThat(tooMany.outcomeNow()).isNull();
        receiver.acknowledge(held);
        time.advance(TIMEOUT);
        assertThat(tooMany.outcomeNow()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(client.broker().metrics("loose").orElseThrow().delayed()).isEqualTo(1);
    }

    @Test
    void closingASenderRefusesWhatWaits() {
        BrokerSender sender = client.sender(LOOSE);
        send(sender, Sent.of("a"), Sent.of("b"), Sent.of("c"));
        Sent waiting = send(sender, Sent.of("d")).get(0);

        sender.close(Duration.ofMillis(10));
        sender.close(Duration.ofMillis(10));

        assertThat(waiting.outcome()).isEqualTo(Sent.Outcome.REJECTED);
        Sent tooLate = send(sender, Sent.of("e")).get(0);
        assertThat(tooLate.outcome()).isEqualTo(Sent.Outcome.REJECTED);
        assertThat(tooLate.error().code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void whatTheBrokerCannotTakeIsRefusedAndTheRestStored() {
        BrokerSender sender = client.sender(LOOSE);
        Sent large = Sent.sized("large", 8_001);
        Sent nullValue = new Sent("n", null, new byte[0], java.util.Collections.singletonMap("h", null), 0);
        Sent nullBody = new Sent("b", null, null, Map.of(), 0);
        Sent good = Sent.sized("good", 8_000);

        send(sender, large, nullValue, nullBody, good);
        Sent single = Sent.sized("single", 8_001);
        sender.send(single);

        assertThat(large.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(single.error().code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(nullValue.error().code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(nullBody.error().code()).isEqualTo(ErrorCode.INVALID_MESSAGE);
        assertThat(List.of(large, nullValue, nullBody, single))
                .extracting(Sent::outcome)
                .containsOnly(Sent.Outcome.REJECTED);
        assertThat(good.outcome()).isEqualTo(Sent.Outcome.CONFIRMED);
        assertThat(client.connection.capabilities().maxBodyBytes()).isEqualTo(8_000);
    }
}
