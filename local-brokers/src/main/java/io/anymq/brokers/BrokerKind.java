package io.anymq.brokers;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The brokers that {@link LocalBrokers} can start. */
public enum BrokerKind {
    /** Apache Kafka, one KRaft node. */
    KAFKA("kafka"),
    /** Apache RocketMQ, one name server and one broker. */
    ROCKETMQ("rocketmq");

    private final String scheme;

    BrokerKind(String scheme) {
        this.scheme = scheme;
    }

    /**
     * The URL scheme, which is also the name used in settings such as {@code anymq.test.kafka.url}.
     *
     * @return the lower-case name
     */
    public String scheme() {
        return scheme;
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
                .orElseThrow(() -> new LocalBrokerException("no broker is called '" + name + "'; known: "
                        + Arrays.stream(values()).map(BrokerKind::scheme).collect(Collectors.joining(", "))));
    }
}
