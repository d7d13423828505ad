package io.anymq.activemq;

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
import org.apache.activemq.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Apache ActiveMQ, Classic or Artemis, as an AnyMQ broker, for URLs such as {@code activemq://host:61616} or, where one of
 * several brokers is the master, {@code activemq://one:61616,two:61616}. Found by {@link java.util.ServiceLoader}; stateless
 * and thread-safe.
 *
 * <pre>{@code
 * try (MessagingClient client = MessagingClient.connect("activemq://localhost:61616")) { … }
 * }</pre>
 */
public final class ActiveMqAdapter implements BrokerAdapter {
    private static final ClientVersion CLIENT = new ClientVersion("activemq-client", "6.1.0", "activemq.version");

    /** For {@link java.util.ServiceLoader}. */
    public ActiveMqAdapter() {}

    @Override
    public String scheme() {
        return "activemq";
    }

    @Override
    public List<ConfigOption> options() {
        return ActiveMqConfig.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        List<String> problems = HostPort.problems(context.url(), "broker", 61616);
        problems.addAll(ActiveMqConfig.problems(context.config()));
        problems.addAll(CLIENT.problems(ClientVersion.read(
                ActiveMQConnectionFactory.class,
                "/META-INF/maven/org.apache.activemq/activemq-client/pom.properties",
                "version")));
        return problems;
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return ActiveMqNames.problem(Objects.requireNonNull(address.physicalName()));
    }

    /**
     * Connects to the first broker that answers and finds out which of the two servers it is. Blocks at most the connect
     * time-out; leaves no thread or socket behind when it fails.
     *
     * @throws MessagingException UNAVAILABLE or TIMEOUT (retryable), AUTHENTICATION, AUTHORIZATION
     */
    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }
}
