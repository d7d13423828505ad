package io.anymq.rabbitmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.tck.brokers.LocalBrokerHarness;
import io.anymq.tck.brokers.ProxiedBroker;
import java.util.Map;

/** A broker of its own, because rules kill and suspend it. */
final class RabbitMqHarness extends LocalBrokerHarness {
    /** Few, because the rules make some hundred queues. */
    private static final int LANES = 2;

    RabbitMqHarness() {
        this(ProxiedBroker.start(BrokerKind.RABBITMQ));
    }

    private RabbitMqHarness(ProxiedBroker broker) {
        super(
                broker,
                new RabbitMqPlainClient(broker.broker().directBootstrap(), LANES),
                Map.of("anymq.rabbitmq.lanes", Integer.toString(LANES)));
    }

    @Override
    public Map<String, String> livenessSettings() {
        return Map.of("anymq.rabbitmq.heartbeat", "3s");
    }
}
