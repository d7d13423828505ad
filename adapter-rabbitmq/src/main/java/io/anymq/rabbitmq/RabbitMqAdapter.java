package io.anymq.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.ClientVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ as an AnyMQ broker, for URLs such as {@code rabbitmq://user:password@one:5672,two:5672/vhost}. Found by {@link
 * java.util.ServiceLoader}; stateless and thread-safe.
 *
 * <pre>{@code
 * try (MessagingClient client = MessagingClient.connect("rabbitmq://guest:guest@localhost")) { … }
 * }</pre>
 */
public final class RabbitMqAdapter implements BrokerAdapter {
    private static final ClientVersion CLIENT =
            new ClientVersion("amqp-client", "5.25.0", "rabbit-amqp-client.version");

    /** For {@link java.util.ServiceLoader}. */
    public RabbitMqAdapter() {}

    @Override
    public String scheme() {
        return "rabbitmq";
    }

    @Override
    public List<ConfigOption> options() {
        return RabbitMqConfig.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        List<String> problems = new ArrayList<>(new RabbitMqConfig(context).problems());
        problems.addAll(CLIENT.problems(ClientVersion.read(
                ConnectionFactory.class, "/rabbitmq-amqp-client.properties", "com.rabbitmq.client.version")));
        return problems;
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return RabbitMqNames.problem(address, Objects.requireNonNull(address.physicalName()));
    }

    /**
     * Opens one connection for publishing and one for consuming. Blocks at most the connect time-out; leaves no thread or
     * socket behind when it fails.
     *
     * @throws MessagingException UNAVAILABLE or TIMEOUT (retryable), AUTHENTICATION, AUTHORIZATION, NOT_FOUND (virtual
     *     host), CONFIGURATION or UNSUPPORTED (server older than 3.10)
     */
    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return RabbitMqConnection.open(context);
    }
}
