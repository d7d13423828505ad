package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.PlainClient;
import io.anymq.tck.brokers.RoundTripContract;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;

class RocketMqRoundTripIT extends RoundTripContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.ROCKETMQ, Map.of(RocketMqConfig.QUEUES, "4")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RocketMqConnection.open(context);
    }

    @Override
    protected PlainClient plain(LocalBroker broker) {
        return SharedBroker.plain();
    }

    @Override
    protected Class<?> nativeMessage() {
        return MessageExt.class;
    }

    @Override
    protected Class<?> nativeReceipt() {
        return SendResult.class;
    }

    @Override
    protected String optionForLargerBodies() {
        return "max-message";
    }

    @Test
    void manyMessagesOfAKeyKeepTheirOrder() throws Exception {
        Queue queue = Queue.of(SpiContext.uniqueName("order"));
        Address address = new Address.OfQueue(queue);
        connected(setups().get(0), connection -> {
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(5_000, BOUND));
            List<Outgoing> messages = IntStream.range(0, 3_000)
                    .mapToObj(i -> Outgoing.text(Integer.toString(i), "k", "x".repeat(300)))
                    .toList();
            Outgoing.sendAll(sender, messages, BOUND);
            try (SteppedReceiver receiver = new SteppedReceiver(connection, address, queue.name(), 5_000)) {
                List<InboundMessage> received = receiver.receiveCount(3_000);
                for (int i = 0; i < 3_000; i++) {
                    assertThat(received.get(i).id()).isEqualTo(Integer.toString(i));
                }
                receiver.acknowledge(received);
            }
            sender.close(BOUND);
        });
    }
}
