package io.anymq.rabbitmq;

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
import org.junit.jupiter.api.Tag;

/** A disk with less free space than disk_free_limit puts RabbitMQ on alarm: it stops listening to publishers. */
@Tag("rabbitmq")
class RabbitMqFullDiskIT extends FullDiskContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.RABBITMQ, BrokerOptions.defaults(), Map.of("lanes", "2")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RabbitMqConnection.open(context);
    }

    /** Of a limit of 20 MB. */
    @Override
    protected long left() {
        return 12L << 20;
    }

    @Override
    protected void checkFailure(Setup setup, Outgoing.Ended ended) {
        assertThat(error(ended).code()).isEqualTo(ErrorCode.FULL);
        assertThat(error(ended)).hasMessageContaining("on alarm (low on disk): free memory or disk space");
    }
}
