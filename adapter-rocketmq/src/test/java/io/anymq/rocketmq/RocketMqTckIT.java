package io.anymq.rocketmq;

import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;

/** The whole kit on a real broker. */
class RocketMqTckIT extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new RocketMqHarness();
    }
}
