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
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator moves a group's offset, as {@code mqadmin resetOffsetByTime} does. */
@Timeout(120)
class RocketMqOffsetResetIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);

    private RocketMqConnection connection;
    private Address address;
    private String name;

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(Map.of(RocketMqConfig.QUEUES, "1"));
        name = SpiContext.uniqueName("reset");
        address = new Address.OfQueue(Queue.of(name));
        connection.provision(address, ProvisionMode.CREATE);
    }

    @AfterEach
    void close() {
        connection.close(BOUND);
    }

    private void send(int count) throws Exception {
        BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, BOUND));
        List<Outgoing> messages = IntStream.range(0, count)
                .mapToObj(i -> Outgoing.text("m" + i, null, "x"))
                .toList();
        Outgoing.sendAll(sender, messages, BOUND);
        sender.close(BOUND);
    }

    private void reset(SteppedReceiver receiver, long offset) throws Exception {
        MQClientAPIImpl api =
                receiver.with(open -> open.unwrap(MQClientAPIImpl.class).orElseThrow());
        String topic = RocketMqNames.topic(address);
        String broker = api.getTopicRouteInfoFromNameServer(topic, BOUND.toMillis())
                .getBrokerDatas()
                .get(0)
                .selectBrokerAddr();
        api.invokeBrokerToResetOffset(broker, topic, RocketMqNames.group(address), 0, 0, offset, BOUND.toMillis());
    }

    private SteppedReceiver receiver(String suffix) {
        return new SteppedReceiver(connection, address, name + suffix, 100);
    }

    private static List<String> ids(List<? extends InboundMessage> messages) {
        return messages.stream().map(InboundMessage::id).toList();
    }

    private static List<String> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    @Test
    void aGroupThatIsPutBackReceivesAgainWhileItReceives() throws Exception {
        send(10);
        try (SteppedReceiver receiver = receiver("")) {
            receiver.acknowledge(receiver.receiveCount(10));
            reset(receiver, 4);
            List<InboundMessage> again = receiver.receiveCount(6);
            assertThat(ids(again)).isEqualTo(numbered(4, 10));
            receiver.acknowledge(again);
        }
        try (SteppedReceiver next = receiver("-next")) {
            assertThat(next.receive(10, Duration.ofSeconds(1))).isEmpty();
        }
    }

    @Test
    void aGroupThatIsPutForwardLeavesOutWhatItHasNotFetched() throws Exception {
        send(1_000);
        List<String> received = new ArrayList<>();
        try (SteppedReceiver receiver = receiver("")) {
            List<InboundMessage> first = receiver.receiveCount(1);
            reset(receiver, 990);
            received.addAll(ids(first));
            receiver.acknowledge(first);
            await().atMost(BOUND).until(() -> {
                List<? extends InboundMessage> more = receiver.receive(10, SHORT);
                receiver.acknowledge(List.copyOf(more));
                received.addAll(ids(more));
                return received.contains("m999");
            });
        }
        assertThat(received).containsAll(numbered(990, 1_000)).doesNotContainAnyElementsOf(numbered(500, 990));
    }

    /** Also those records that were done behind others come again. */
    @Test
    void aGroupThatIsPutBackWhileItRestsBeginsThere() throws Exception {
        send(10);
        try (SteppedReceiver other = new SteppedReceiver(connection, otherAddress(), name + "-other", 100)) {
            try (SteppedReceiver receiver = receiver("")) {
                List<InboundMessage> all = receiver.receiveCount(10);
                receiver.acknowledge(all.subList(0, 5));
                receiver.acknowledge(all.subList(7, 9));
            }
            reset(other, 2);
            try (SteppedReceiver receiver = receiver("-next")) {
                assertThat(ids(receiver.receiveCount(8))).isEqualTo(numbered(2, 10));
            }
        }
    }

    @Test
    void aGroupThatIsPutForwardWhileItRestsBeginsThere() throws Exception {
        send(10);
        try (SteppedReceiver other = new SteppedReceiver(connection, otherAddress(), name + "-other", 100)) {
            try (SteppedReceiver receiver = receiver("")) {
                receiver.acknowledge(receiver.receiveCount(2));
            }
            reset(other, 7);
            try (SteppedReceiver receiver = receiver("-next")) {
                assertThat(ids(receiver.receiveCount(3))).isEqualTo(numbered(7, 10));
            }
        }
    }

    private Address otherAddress() {
        Address other = new Address.OfQueue(Queue.of(name + "-other"));
        connection.provision(other, ProvisionMode.CREATE);
        return other;
    }
}
