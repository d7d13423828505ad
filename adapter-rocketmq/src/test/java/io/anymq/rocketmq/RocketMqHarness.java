package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.brokers.LocalBrokerHarness;
import java.util.Map;

/** A broker of its own, because rules kill and suspend it. */
final class RocketMqHarness extends LocalBrokerHarness {
    private final RocketMqPlainClient plain;

    RocketMqHarness() {
        this(LocalBrokers.start(BrokerKind.ROCKETMQ));
    }

    private RocketMqHarness(LocalBroker broker) {
        this(broker, new RocketMqPlainClient(broker.directBootstrap()));
    }

    private RocketMqHarness(LocalBroker broker, RocketMqPlainClient plain) {
        super(broker, plain, Map.of("anymq.rocketmq.queues", "4"));
        this.plain = plain;
    }

    @Override
    public void close() {
        plain.close();
        super.close();
    }
}
