package io.anymq.brokers;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The brokers that {@link LocalBrokers} can start. */
public enum BrokerKind {
    /** Apache Kafka, one KRaft node. */
    KAFKA("kafka", "kafka"),
    /** RabbitMQ, one node. */
    RABBITMQ("rabbitmq", "rabbitmq"),
    /** Apache RocketMQ, one name server and one broker. */
    ROCKETMQ("rocketmq", "rocketmq"),
    /** ActiveMQ Classic with a KahaDB store. */
    ACTIVEMQ("activemq", "activemq"),
    /** ActiveMQ Artemis, spoken to in OpenWire like ActiveMQ Classic. */
    ARTEMIS("artemis", "activemq"),
    /** PostgreSQL, one server. */
    POSTGRESQL("postgresql", "postgresql");

    private final String scheme;
    private final String urlScheme;

    BrokerKind(String scheme, String urlScheme) {
        this.scheme = scheme;
        this.urlScheme = urlScheme;
    }

    /**
     * The name used in settings such as {@code anymq.test.kafka.url}.
     *
     * @return the lower-case name
     */
    public String scheme() {
        return scheme;
    }

    /**
     * The scheme of this broker's AnyMQ URLs; two servers that speak the same protocol share one adapter.
     *
     * @return the lower-case URL scheme
     */
    public String urlScheme() {
        return urlScheme;
    }

    /**
     * Finds a kind by its name, for example {@code "kafka"}; case does not matter.
     *
     * @param name the name
     * @return the kind
     * @throws LocalBrokerException if no kind has this name; the message lists the known ones
     */
    public static BrokerKind of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.scheme.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new LocalBrokerException("unknown broker '" + name + "'; known brokers: "
                        + Arrays.stream(values()).map(BrokerKind::scheme).collect(Collectors.joining(", "))));
    }
}
