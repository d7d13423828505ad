package io.anymq.rocketmq;

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
import org.apache.rocketmq.client.ClientConfig;
import org.jspecify.annotations.Nullable;

/**
 * Apache RocketMQ as an AnyMQ broker, for URLs such as {@code rocketmq://one:9876,two:9876}, which name the name servers.
 * Found by {@link java.util.ServiceLoader}; stateless and thread-safe.
 *
 * <pre>{@code
 * try (MessagingClient client = MessagingClient.connect("rocketmq://localhost:9876")) { … }
 * }</pre>
 */
public final class RocketMqAdapter implements BrokerAdapter {
    private static final ClientVersion CLIENT = new ClientVersion("rocketmq-client", "5.5.0", "rocketmq.version");

    /** For {@link java.util.ServiceLoader}. */
    public RocketMqAdapter() {}

    @Override
    public String scheme() {
        return "rocketmq";
    }

    @Override
    public List<ConfigOption> options() {
        return RocketMqConfig.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        List<String> problems = HostPort.problems(
                context.url(),
                "name server",
                9876,
                "anymq.rocketmq." + RocketMqConfig.ACCESS_KEY + " and anymq.rocketmq." + RocketMqConfig.SECRET_KEY);
        problems.addAll(new RocketMqConfig(context).problems());
        problems.addAll(CLIENT.problems(ClientVersion.read(
                ClientConfig.class, "/META-INF/maven/org.apache.rocketmq/rocketmq-client/pom.properties", "version")));
        return problems;
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return RocketMqNames.problem(address, Objects.requireNonNull(address.physicalName()));
    }

    /**
     * Asks a name server for its brokers and one of them whether it answers. Blocks at most the connect time-out; leaves
     * no thread or socket behind when it fails.
     *
     * @throws MessagingException UNAVAILABLE or TIMEOUT (retryable), AUTHENTICATION or AUTHORIZATION
     */
    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return RocketMqConnection.open(context);
    }
}
