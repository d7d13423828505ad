package io.anymq.inmemory;

import static io.anymq.inmemory.Client.AT_ONCE;
import static io.anymq.inmemory.Client.ids;
import static io.anymq.inmemory.Client.lanes;
import static io.anymq.inmemory.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.support.KeyLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneOwnershipTest {
    private static final Address PER_KEY = new Address.OfQueue(Queue.of("keyed"));
    private static final Address TOTAL = new Address.OfQueue(Queue.of("total").totalOrder());
    private static final Address UNORDERED =
            new Address.OfQueue(Queue.of("loose").unordered());

    private final Client client = Client.connect("inmemory:", "shop");

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void oneReceiverOwnsAllLanesAndTwoShareThemEvenly() {
        BrokerReceiver first = client.receiver(PER_KEY);
        assertThat(lanes(first)).hasSize(16);
        Collection<Lane> before = lanes(first);

        Client.Lanes told = new Client.Lanes();
        BrokerReceiver second = client.receiver(PER_KEY, told);
        assertThat(lanes(second)).as("nothing before the owner has given up").isEmpty();
        first.receive(10, AT_ONCE);

        assertThat(lanes(first)).hasSize(8);
        assertThat(lanes(second)).hasSize(8).doesNotContainAnyElementsOf(before);
        assertThat(told.revoked).isEmpty();

        BrokerReceiver third = client.receiver(PER_KEY);
        first.receive(1, AT_ONCE);
        second.receive(1, AT_ONCE);
        assertThat(List.of(
                        lanes(first).size(), lanes(second).size(), lanes(third).size()))
                .containsExactlyInAnyOrder(5, 5, 6);

        first.close(Duration.ZERO);
        assertThat(lanes(first)).isEmpty();
        second.receive(1, AT_ONCE);
        third.receive(1, AT_ONCE);
        assertThat(lanes(second)).hasSize(8);
        assertThat(lanes(third)).hasSize(8);
    }

    @Test
    void aPausedLaneGivesOutNothingUntilItIsResumedOrHasAnotherOwner() {
        BrokerSender sender = client.sender(PER_KEY);
        PausableReceiver receiver = (PausableReceiver) client.receiver(PER_KEY);
        send(sender, Sent.keyed("1", "a"));
        Lane lane = receiver.receive(10, AT_ONCE).get(0).lane();
        receiver.pause(lane);
        send(sender, Sent.keyed("2", "a"), Sent.keyed("other", "other key"));
        assertThat(KeyLane.of("a", 16)).isNotEqualTo(KeyLane.of("other key", 16));
        assertThat(ids(receiver.receive(10, AT_ONCE))).containsExactly("other");
        assertThat(receiver.receive(10, AT_ONCE)).isEmpty();
        receiver.resume(lane);
        assertThat(ids(receiver.receive(10, AT_ONCE))).containsExactly("2");
        receiver.pause(lane);
        receiver.close(Duration.ZERO);
        assertThat(ids(client.receiver(PER_KEY).receive(10, AT_ONCE))).contains("1", "2");
    }

    @Test
    void aLaneIsHandedOverOnceItsMessagesAreSettledOrGivenBack() {
        BrokerSender sender = client.sender(PER_KEY);
        List<InboundMessage> held = new ArrayList<>();
        Set<Lane> taken = new HashSet<>();
        BrokerReceiver[] first = new BrokerReceiver[1];
        first[0] = client.receiver(PER_KEY, new Client.Lanes() {
            @Override
            public void lanesRevoked(Collection<Lane> lanes) {
                taken.addAll(lanes);
                // Of every lane the first message is done, the second is not.
                Map<Lane, InboundMessage> done = new HashMap<>();
                held.forEach(message -> done.putIfAbsent(message.lane(), message));
                done.keySet().retainAll(lanes);
                first[0].acknowledge(List.copyOf(done.values()));
            }
        });
        for (int key = 0; key < 200; key++) {
            send(sender, Sent.keyed(key + "-a", "k" + key), Sent.keyed(key + "-b", "k" + key));
        }
        held.addAll(first[0].receive(400, AT_ONCE));
        assertThat(held).hasSize(400);

        BrokerReceiver second = client.receiver(PER_KEY);
        assertThat(second.receive(400, AT_ONCE)).isEmpty();
        first[0].receive(1, AT_ONCE);
        List<? extends InboundMessage> moved = second.receive(400, AT_ONCE);

        assertThat(taken).hasSize(8).doesNotContainAnyElementsOf(lanes(first[0]));
        List<String> expected = new ArrayList<>();
        for (Lane lane : taken) {
            held.stream().filter(m -> m.lane() == lane).skip(1).forEach(m -> expected.add(m.id()));
        }
        assertThat(ids(moved)).containsExactlyInAnyOrderElementsOf(expected);
        inOrderPerKey(moved);

        // A settlement that comes after the hand-over changes nothing.
        first[0].acknowledge(held.stream().filter(m -> taken.contains(m.lane())).toList());
        assertThat(client.broker().metrics("keyed").orElseThrow().settled()).isEqualTo(8);
        second.acknowledge(moved);
        assertThat(client.broker().metrics("keyed").orElseThrow().settled()).isEqualTo(8L + moved.size());
    }

    @Test
    void messagesOfAKeyGoToOneReceiverInOrder() {
        BrokerReceiver first = client.receiver(PER_KEY);
        BrokerReceiver second = client.receiver(PER_KEY);
        first.receive(0, AT_ONCE);
        BrokerSender sender = client.sender(PER_KEY);
        List<Sent> batch = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            batch.add(Sent.keyed("m" + i, "k" + i % 50));
        }
        batch.forEach(sender::send);

        List<InboundMessage> one = all(first);
        List<InboundMessage> other = all(second);

        assertThat(one.size() + other.size()).isEqualTo(1000);
        assertThat(one).isNotEmpty();
        assertThat(other).isNotEmpty();
        Set<String> keys = new HashSet<>();
        one.forEach(m -> keys.add(String.valueOf(m.key())));
        assertThat(other).noneMatch(m -> keys.contains(m.key()));
        inOrderPerKey(one);
        inOrderPerKey(other);
    }

    @Test
    void messagesWithoutKeySpreadOverAllLanes() {
        BrokerReceiver receiver = client.receiver(PER_KEY);
        BrokerSender sender = client.sender(PER_KEY);
        for (int i = 0; i < 32; i++) {
            send(sender, Sent.of("m" + i));
        }

        Map<Lane, Integer> counts = new HashMap<>();
        receiver.receive(100, AT_ONCE).forEach(m -> counts.merge(m.lane(), 1, Integer::sum));

        assertThat(counts).hasSize(16);
        assertThat(counts.values()).containsOnly(2);
    }

    @Test
    void aLongLaneStarvesNoOther() {
        BrokerReceiver receiver = client.receiver(PER_KEY);
        BrokerSender sender = client.sender(PER_KEY);
        List<Sent> flood = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            flood.add(Sent.keyed("hot" + i, "hot"));
        }
        flood.forEach(sender::send);
        for (int i = 0; i < 200; i++) {
            send(sender, Sent.keyed("cool" + i, "cool" + i));
        }

        List<? extends InboundMessage> received = receiver.receive(160, AT_ONCE);

        assertThat(received).hasSize(160);
        assertThat(received.stream().map(InboundMessage::lane).distinct().count())
                .isEqualTo(16);
    }

    @Test
    void totalOrderHasOneOwnerAndAStandIn() {
        BrokerReceiver first = client.receiver(TOTAL);
        BrokerReceiver standIn = client.receiver(TOTAL);
        BrokerSender sender = client.sender(TOTAL);
        send(sender, Sent.of("a"), Sent.keyed("b", "k"), Sent.of("c"));

        assertThat(standIn.receive(10, AT_ONCE)).isEmpty();
        assertThat(ids(first.receive(2, AT_ONCE))).containsExactly("a", "b");
        first.close(Duration.ZERO);

        assertThat(ids(standIn.receive(10, AT_ONCE))).containsExactly("a", "b", "c");
    }

    @Test
    void withoutOrderAllReceiversShareOneQueue() {
        BrokerReceiver first = client.receiver(UNORDERED);
        BrokerReceiver second = client.receiver(UNORDERED);
        BrokerSender sender = client.sender(UNORDERED);
        for (int i = 0; i < 100; i++) {
            send(sender, Sent.keyed("m" + i, "same"));
        }

        List<? extends InboundMessage> one = first.receive(1000, AT_ONCE);
        List<? extends InboundMessage> other = second.receive(1000, AT_ONCE);
        assertThat(one).as("leaves a part to the other").hasSize(50);
        assertThat(other).isNotEmpty();
        assertThat(lanes(first)).hasSize(1).doesNotContainAnyElementsOf(lanes(second));

        first.acknowledge(one.subList(0, 10));
        first.close(Duration.ZERO);
        List<InboundMessage> rest = all(second);
        assertThat(ids(rest)).contains("m10", "m49").doesNotContain("m0", "m9");
        assertThat(rest.size() + other.size()).isEqualTo(90);
    }

    private static List<InboundMessage> all(BrokerReceiver receiver) {
        List<InboundMessage> all = new ArrayList<>();
        for (List<? extends InboundMessage> some = receiver.receive(100, AT_ONCE);
                !some.isEmpty();
                some = receiver.receive(100, AT_ONCE)) {
            all.addAll(some);
        }
        return all;
    }

    private static void inOrderPerKey(List<? extends InboundMessage> messages) {
        Map<String, List<String>> byKey = new HashMap<>();
        messages.forEach(m -> byKey.computeIfAbsent(String.valueOf(m.key()), k -> new ArrayList<>())
                .add(m.id()));
        byKey.values()
                .forEach(ids -> assertThat(ids)
                        .isSortedAccordingTo(
                                java.util.Comparator.comparing(String::length).thenComparing(id -> id)));
    }
}
