package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.FullDiskContract;
import io.anymq.tck.brokers.OutageContract.Setup;
import io.anymq.tck.direct.Outgoing;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Classic and Artemis both stop their work when they cannot write their journal, so a client sees a broker that is away. */
class ActiveMqFullDiskIT extends FullDiskContract {
    @Override
    protected List<Setup> setups() {
        return Stream.of(BrokerKind.ACTIVEMQ, BrokerKind.ARTEMIS)
                .map(kind -> new Setup(kind, BrokerOptions.defaults().withDurability(Durability.POWER), Map.of()))
                .toList();
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }

    @Override
    protected boolean ends(Setup setup) {
        return true;
    }

    @Override
    protected void checkFailure(Setup setup, Outgoing.Ended ended) {
        assertThat(error(ended).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error(ended)).hasMessageMatching("(?s).*broker (runs|running|is running).*");
    }
}
