package io.anymq.kafka;

import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.ClientVersion;
import io.anymq.spi.support.HostPort;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Apache Kafka as an AnyMQ broker, for URLs such as {@code kafka://one:9092,two:9092}. Found by {@link
 * java.util.ServiceLoader}; stateless and thread-safe.
 *
 * <pre>{@code
 * try (MessagingClient client = MessagingClient.connect("kafka://localhost:9092")) { … }
 * }</pre>
 */
public final class KafkaAdapter implements BrokerAdapter {
    private static final ClientVersion CLIENT = new ClientVersion("kafka-clients", "3.9.0", "kafka.version");

    /** For {@link java.util.ServiceLoader}. */
    public KafkaAdapter() {}

    @Override
    public String scheme() {
        return "kafka";
    }

    @Override
    public List<ConfigOption> options() {
        return KafkaConfig.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        List<String> problems = HostPort.problems(
                context.url(),
                "broker",
                9092,
                "anymq.kafka.common.sasl.mechanism and sasl.jaas.config, and anymq.kafka.tls");
        problems.addAll(KafkaTls.problems(context.config()));
        problems.addAll(KafkaSettingsCheck.problems(context.config()));
        problems.addAll(
                CLIENT.problems(ClientVersion.read(Consumer.class, "/kafka/kafka-version.properties", "version")));
        return problems;
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return KafkaNames.problem(address, Objects.requireNonNull(address.physicalName()));
    }

    /**
     * Asks the cluster for its id. Blocks at most the connect time-out; leaves no thread or socket behind when it
     * fails.
     *
     * @throws MessagingException UNAVAILABLE (retryable), AUTHENTICATION, AUTHORIZATION or CONFIGURATION
     */
    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return KafkaConnection.open(context);
    }
}
