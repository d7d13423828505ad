package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;
import java.util.Map;

/** The whole kit on a real ActiveMQ Artemis. */
class ArtemisTckIT extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new ActiveMqHarness(BrokerKind.ARTEMIS, Map.of(), Map.of());
    }
}
