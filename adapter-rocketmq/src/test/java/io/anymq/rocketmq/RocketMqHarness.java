package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import io.anymq.tck.brokers.LocalBrokerHarness;
import io.anymq.tck.brokers.ProxiedBroker;
import java.util.Map;
import java.util.Optional;

/** A broker of its own, because rules kill and suspend it. */
final class RocketMqHarness extends LocalBrokerHarness {
    private final RocketMqPlainClient plain;

    RocketMqHarness() {
        this(ProxiedBroker.start(BrokerKind.ROCKETMQ));
    }

    private RocketMqHarness(ProxiedBroker broker) {
        this(broker, new RocketMqPlainClient(broker.broker().directBootstrap()));
    }

    private RocketMqHarness(ProxiedBroker broker, RocketMqPlainClient plain) {
        super(broker, plain, Map.of("anymq.rocketmq.queues", "4"));
        this.plain = plain;
    }

    @Override
    public Optional<ForeignMessages> foreign() {
        return Optional.of(new RocketMqForeign(plain));
    }

    @Override
    public Optional<MalformedMessages> malformed() {
        return Optional.of(new RocketMqMalformed(plain));
    }

    @Override
    public void close() {
        plain.close();
        super.close();
    }
}
