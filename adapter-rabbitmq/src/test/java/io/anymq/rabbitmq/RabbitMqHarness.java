package io.anymq.rabbitmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.brokers.LocalBrokerHarness;
import java.util.Map;

/** A broker of its own, because rules kill and suspend it. */
final class RabbitMqHarness extends LocalBrokerHarness {
    /** Few, because the rules make some hundred queues. */
    private static final int LANES = 2;

    RabbitMqHarness() {
        this(LocalBrokers.start(BrokerKind.RABBITMQ));
    }

    private RabbitMqHarness(LocalBroker broker) {
        super(
                broker,
                new RabbitMqPlainClient(broker.directBootstrap(), LANES),
                Map.of("anymq.rabbitmq.lanes", Integer.toString(LANES)));
    }
}
