package io.anymq.rabbitmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.brokers.LocalBrokerHarness;
import io.anymq.tck.brokers.ProxiedBroker;
import java.util.Map;
import java.util.Optional;

/** A broker of its own, because rules kill and suspend it. */
final class RabbitMqHarness extends LocalBrokerHarness {
    /** Few, because the rules make some hundred queues. */
    private static final int LANES = 2;

    private final ForeignMessages foreign;

    RabbitMqHarness() {
        this(ProxiedBroker.start(BrokerKind.RABBITMQ));
    }

    private RabbitMqHarness(ProxiedBroker broker) {
        this(broker, new RabbitMqPlainClient(broker.broker().directBootstrap(), LANES));
    }

    private RabbitMqHarness(ProxiedBroker broker, RabbitMqPlainClient plain) {
        super(broker, plain, Map.of("anymq.rabbitmq.lanes", Integer.toString(LANES)));
        this.foreign = new RabbitMqForeign(plain);
    }

    @Override
    public Optional<ForeignMessages> foreign() {
        return Optional.of(foreign);
    }

    @Override
    public Map<String, String> livenessSettings() {
        return Map.of("anymq.rabbitmq.heartbeat", "3s");
    }
}
