package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.OutageContract;
import io.anymq.tck.direct.SpiContext;
import java.util.List;
import java.util.Map;

/**
 * A broker that dies, one that is not there, and one that is something else: all end in time and leave nothing behind.
 */
class KafkaOutageIT extends OutageContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.KAFKA, BrokerOptions.defaults(), Map.of(KafkaConfig.PARTITIONS, "2")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return KafkaConnection.open(context);
    }

    @Override
    protected Refusal somethingElseThere() {
        return new Refusal(ErrorCode.UNAVAILABLE, "does not answer as Kafka does");
    }

    @Override
    protected boolean isTheAdapters(String threadName) {
        return threadName.contains(SpiContext.CLIENT_NAME) || threadName.contains("consumer_background");
    }

    @Override
    protected boolean receiverEndsWithTheBroker() {
        return false;
    }
}
