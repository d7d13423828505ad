package io.anymq.kafka;

import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;

/** The whole kit on a real broker. */
class KafkaTckIT extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new KafkaHarness();
    }
}
