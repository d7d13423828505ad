package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.ProvisionerContract;
import java.util.List;
import java.util.Map;

/** Provisioning at both servers, with delays at the broker and in queues of AnyMQ's own. */
class ActiveMqProvisionerIT extends ProvisionerContract {
    @Override
    protected List<Setup> setups() {
        return List.of(
                new Setup(BrokerKind.ACTIVEMQ, Map.of()),
                new Setup(BrokerKind.ACTIVEMQ, Map.of(ActiveMqConfig.DELAY, "emulated")),
                new Setup(BrokerKind.ARTEMIS, Map.of()),
                new Setup(BrokerKind.ARTEMIS, Map.of(ActiveMqConfig.DELAY, "emulated")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }

    /** Both servers create what is missing when it is used. */
    @Override
    protected boolean looksBeforeItOpens() {
        return false;
    }

    @Override
    protected boolean tellsOrderings() {
        return false;
    }
}
