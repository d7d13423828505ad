package io.anymq.kafka;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.brokers.LocalBrokerHarness;
import io.anymq.tck.brokers.ProxiedBroker;
import java.util.Map;
import java.util.Optional;

/** A broker of its own, because rules kill and suspend it. */
final class KafkaHarness extends LocalBrokerHarness {
    private final ForeignMessages foreign;

    // A killed consumer is missed after its session; the default of 45 s is longer than a rule waits. All rules
    // together make more than 5,000 partitions, with which a broker of 256 MB does little else than collect garbage.
    KafkaHarness() {
        this(ProxiedBroker.start(
                BrokerKind.KAFKA,
                BrokerOptions.defaults()
                        .withHeapMegabytes(768)
                        .withSetting("group.consumer.session.timeout.ms", "3000")));
    }

    private KafkaHarness(ProxiedBroker broker) {
        this(broker, new KafkaPlainClient(broker.broker().directBootstrap()));
    }

    private KafkaHarness(ProxiedBroker broker, KafkaPlainClient plain) {
        super(broker, plain, Map.of("anymq.kafka.partitions", "4"));
        this.foreign = new KafkaForeign(plain);
    }

    @Override
    public Optional<ForeignMessages> foreign() {
        return Optional.of(foreign);
    }
}
