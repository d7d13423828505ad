package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;
import java.util.Map;

/** The whole kit on a real ActiveMQ Classic. */
class ActiveMqTckIT extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        // A browser, by which the kit looks at what the broker holds, is shown 400 messages by default.
        return new ActiveMqHarness(BrokerKind.ACTIVEMQ, Map.of("policy.maxBrowsePageSize", "5000"), Map.of());
    }
}
