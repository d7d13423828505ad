package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Queue;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ownership of message queues, and what passes from one owner to the next. */
@Timeout(120)
class RocketMqReceiverIT {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private RocketMqConnection connection;
    private Address address;
    private String name;
    private BrokerSender sender;

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of(RocketMqConfig.QUEUES, "4"));
        name = SpiContext.uniqueName("receive");
        address = new Address.OfQueue(Queue.of(name));
        connection.provision(address, ProvisionMode.CREATE);
        sender = connection.openSender(address, new SenderOptions(1_000, BOUND));
    }

    @AfterEach
    void close() {
        sender.close(BOUND);
        connection.close(BOUND);
    }

    private void send(int from, int to) throws Exception {
        List<Outgoing> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            messages.add(Outgoing.text("m" + i, null, "x"));
        }
        Outgoing.sendAll(sender, messages, BOUND);
    }

    private static Set<String> ids(List<InboundMessage> messages) {
        Set<String> ids = new HashSet<>();
        messages.forEach(message -> ids.add(message.id()));
        return ids;
    }

    private static int lanes(SteppedReceiver receiver) {
        return receiver.with(open -> ((RocketMqReceiver) open).laneCount());
    }

    /** A figure for people: a bound on it would fail on a machine that is busy with something else. */
    @Test
    void howSoonAFreshConsumerHasItsFirstMessage() throws Exception {
        send(0, 1);
        long start = System.nanoTime();
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, name, 100)) {
            assertThat(ids(receiver.receiveCount(1))).containsExactly("m0");
            System.out.printf(
                    "first message %d ms after the receiver was asked for%n",
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
    }

    /** The redelivery topic's message queue is one of the five lanes. */
    @Test
    void ownersShareAndTakeOver() {
        try (SteppedReceiver one = new SteppedReceiver(connection, address, name + "-1", 100)) {
            assertThat(lanes(one)).isEqualTo(5);
            SteppedReceiver two = new SteppedReceiver(connection, address, name + "-2", 100);
            await().atMost(BOUND).until(() -> {
                one.receive(0, Duration.ofMillis(10));
                two.receive(0, Duration.ofMillis(10));
                return lanes(two) == 2 && lanes(one) == 3;
            });
            assertThat(one.revoked()).hasSize(2);
            two.close();
            await().atMost(BOUND).until(() -> {
                one.receive(0, Duration.ofMillis(10));
                return lanes(one) == 5;
            });
            assertThat(one.lost()).isEmpty();
        }
    }

    @Test
    void whatIsDoneBehindAGapIsNotRepeated() throws Exception {
        send(0, 40);
        Set<String> held = new HashSet<>();
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, name + "-1", 100)) {
            // The first of each message queue stays open, so that no offset moves.
            List<InboundMessage> done = new ArrayList<>();
            Set<Object> lanes = new HashSet<>();
            for (InboundMessage message : receiver.receiveCount(40)) {
                if (lanes.add(message.lane())) {
                    held.add(message.id());
                } else {
                    done.add(message);
                }
            }
            receiver.acknowledge(done);
            assertThat(held).hasSize(4);
        }
        try (SteppedReceiver next = new SteppedReceiver(connection, address, name + "-2", 100)) {
            List<InboundMessage> again = next.receiveCount(4);
            assertThat(ids(again)).isEqualTo(held);
            assertThat(again).allMatch(message -> message.deliveryCount() == 1);
            next.acknowledge(again);
            send(40, 41);
            assertThat(ids(next.receiveCount(1))).containsExactly("m40");
        }
    }

    @Test
    void whatWasNotDoneComesAgainAtItsOldPlaceAfterAClose() throws Exception {
        send(0, 8);
        List<String> firsts = new ArrayList<>();
        for (int close = 0; close < 2; close++) {
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, name + "-" + close, 100)) {
                List<InboundMessage> all = receiver.receiveCount(8);
                assertThat(all).allMatch(message -> message.deliveryCount() == 1);
                firsts.add(inOrder(all).toString());
            }
        }
        assertThat(firsts.get(1)).isEqualTo(firsts.get(0));
    }

    /** By lane, since the lanes take turns. */
    private static Map<String, List<String>> inOrder(List<InboundMessage> messages) {
        Map<String, List<String>> byLane = new TreeMap<>();
        messages.forEach(message -> byLane.computeIfAbsent(message.lane().name(), absent -> new ArrayList<>())
                .add(message.id()));
        return byLane;
    }

    /** A lock outlives its owner by a minute; its owner's mark tells that it is gone. */
    @Test
    void theLocksOfAConsumerThatVanishedAreBroken() throws Exception {
        RocketMqConnection vanishing = SharedBroker.connect(Map.of());
        SteppedReceiver dead = new SteppedReceiver(vanishing, address, name + "-dead", 100);
        send(0, 4);
        assertThat(dead.receiveCount(4)).hasSize(4);
        dead.with(receiver -> receiver.unwrap(org.apache.rocketmq.client.impl.MQClientAPIImpl.class)
                .map(api -> {
                    api.getRemotingClient().shutdown();
                    return true;
                })
                .orElseThrow());
        long start = System.nanoTime();
        try (SteppedReceiver next = new SteppedReceiver(connection, address, name + "-next", 100)) {
            // Records that may have killed their consumer are handed out one at a time.
            Set<String> again = new HashSet<>();
            while (again.size() < 4) {
                List<InboundMessage> some = next.receiveCount(1);
                again.addAll(ids(some));
                next.acknowledge(some);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
        dead.close();
        vanishing.close(BOUND);
    }

    @Test
    void sharesComeOutEvenAndComplete() {
        List<org.apache.rocketmq.common.message.MessageQueue> queues = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            queues.add(new org.apache.rocketmq.common.message.MessageQueue("t", "b", i));
        }
        for (int members = 1; members < 10; members++) {
            List<org.apache.rocketmq.common.message.MessageQueue> all = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                List<org.apache.rocketmq.common.message.MessageQueue> share =
                        RocketMqMembership.share(queues, i, members);
                assertThat(share.size()).isBetween(7 / members, 7 / members + 1);
                all.addAll(share);
            }
            assertThat(all).isEqualTo(queues);
        }
    }
}
