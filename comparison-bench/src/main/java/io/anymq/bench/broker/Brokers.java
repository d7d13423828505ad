package io.anymq.bench.broker;

import java.util.List;
import java.util.stream.Collectors;

/** The brokers that can be compared. */
public final class Brokers {
    private static final List<BrokerUnderTest> ALL = List.of(
            new InMemorySettings(),
            new KafkaSettings(),
            new RabbitMqSettings(),
            new RocketMqSettings(),
            new ActiveMqSettings(),
            new ArtemisSettings());

    private Brokers() {}

    /** In the order in which they are compared. */
    public static List<BrokerUnderTest> all() {
        return ALL;
    }

    /** By name; throws {@link IllegalArgumentException} with the known names. */
    public static BrokerUnderTest named(String name) {
        return ALL.stream()
                .filter(broker -> broker.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no broker is called '" + name + "'; known: "
                        + ALL.stream().map(BrokerUnderTest::name).collect(Collectors.joining(", "))));
    }
}
