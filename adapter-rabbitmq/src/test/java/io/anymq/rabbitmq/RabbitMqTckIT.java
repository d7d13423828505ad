package io.anymq.rabbitmq;

import io.anymq.tck.AdapterTck;
import io.anymq.tck.BrokerHarness;
import org.junit.jupiter.api.Tag;

/** The whole kit on a real broker. */
@Tag("rabbitmq")
class RabbitMqTckIT extends AdapterTck {
    @Override
    protected BrokerHarness harness() {
        return new RabbitMqHarness();
    }
}
