package io.anymq.bench.broker;

import io.anymq.spi.BrokerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The brokers that can be compared: those of this benchmark, then those found on the class path. */
public final class Brokers {
    private static final List<BrokerUnderTest> OURS = List.of(
            new InMemorySettings(),
            new KafkaSettings(),
            new RabbitMqSettings(),
            new RocketMqSettings(),
            ActiveMqSettings.classic(),
            ActiveMqSettings.artemis());

    private static final List<BrokerUnderTest> ALL = withFound(ServiceLoader.load(BrokerUnderTest.class));

    private Brokers() {}

    /** Ours and others; throws {@link IllegalStateException} if two have one name. */
    static List<BrokerUnderTest> withFound(Iterable<BrokerUnderTest> found) {
        List<BrokerUnderTest> all = new ArrayList<>(OURS);
        for (BrokerUnderTest broker : found) {
            for (BrokerUnderTest other : all) {
                if (other.name().equals(broker.name())) {
                    throw new IllegalStateException("two brokers are called '" + broker.name() + "': "
                            + other.getClass().getName() + " and "
                            + broker.getClass().getName());
                }
            }
            all.add(broker);
        }
        return List.copyOf(all);
    }

    /** Schemes of adapters on the class path without a {@link BrokerUnderTest}, which therefore cannot be compared. */
    public static List<String> adaptersWithoutSettings() {
        List<String> schemes = new ArrayList<>();
        for (BrokerAdapter adapter : ServiceLoader.load(BrokerAdapter.class)) {
            if (ALL.stream().noneMatch(broker -> broker.name().equals(adapter.scheme()))) {
                schemes.add(adapter.scheme());
            }
        }
        return schemes;
    }

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
