package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.FullDiskContract;
import io.anymq.tck.brokers.OutageContract.Setup;
import io.anymq.tck.direct.Outgoing;
import java.util.List;
import java.util.Map;

/** A Kafka whose only log directory cannot be written to shuts itself down, so a client sees a broker that is away. */
class KafkaFullDiskIT extends FullDiskContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.KAFKA, BrokerOptions.defaults(), Map.of(KafkaConfig.PARTITIONS, "2")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return KafkaConnection.open(context);
    }

    @Override
    protected boolean ends(Setup setup) {
        return true;
    }

    @Override
    protected void checkFailure(Setup setup, Outgoing.Ended ended) {
        assertThat(error(ended).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error(ended)).hasMessageContaining("check that the broker is running");
    }
}
