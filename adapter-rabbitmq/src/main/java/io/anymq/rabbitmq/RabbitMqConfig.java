package io.anymq.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.HostPort;
import io.anymq.spi.support.TlsStores;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The options under {@code anymq.rabbitmq.} and the URL, their defaults, and the client settings that follow from them.
 * Immutable.
 *
 * <table>
 * <caption>Options</caption>
 * <tr><th>name</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@value #LANES}</td><td>8</td><td>RabbitMQ queues behind a queue or subscription with per-key order: 1, 2,
 * 4 … 256. Fixed when it is created</td></tr>
 * <tr><td>{@value #LANE_PREFETCH}</td><td>32</td><td>messages of a RabbitMQ queue with per-key or total order that the
 * server sends in advance; without order it follows the consumer's window</td></tr>
 * <tr><td>{@value #QUEUE_TYPE}</td><td>quorum</td><td>{@code quorum} or {@code classic}, for queues that are
 * created</td></tr>
 * <tr><td>{@value #MAX_MESSAGE}</td><td>16MiB</td><td>largest body; the server's {@code max_message_size} must not be
 * smaller</td></tr>
 * <tr><td>{@value #HEARTBEAT}</td><td>10s</td><td>a connection that is silent for twice as long is closed</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TLS}</td><td>false</td><td>connect with TLS, to port
 * 5671 unless the URL says another</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#VERIFY_HOST}</td><td>true</td><td>refuse a certificate
 * that is made out to another host</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TRUST_STORE},
 * {@value io.anymq.spi.support.TlsStores#TRUST_STORE_PASSWORD}</td><td>the JVM's</td><td>PKCS#12
 * or JKS file of the authorities to trust</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#KEY_STORE},
 * {@value io.anymq.spi.support.TlsStores#KEY_STORE_PASSWORD}</td><td>none</td><td>PKCS#12 or
 * JKS file of the client's own certificate</td></tr>
 * </table>
 *
 * <pre>{@code
 * anymq.url=rabbitmq://orders:secret@one.example,two.example/shop
 * anymq.rabbitmq.tls=true
 * anymq.rabbitmq.lanes=16
 * }</pre>
 */
public final class RabbitMqConfig {
    /** RabbitMQ queues behind one queue or subscription with per-key order. */
    public static final String LANES = "lanes";

    /** Messages of an ordered RabbitMQ queue that the server sends in advance. */
    public static final String LANE_PREFETCH = "lane-prefetch";

    /** The type of queues that are created. */
    public static final String QUEUE_TYPE = "queue-type";

    /** Largest body. */
    public static final String MAX_MESSAGE = "max-message";

    /** How often a sign of life is asked for. */
    public static final String HEARTBEAT = "heartbeat";

    private static final Duration HANDSHAKE = Duration.ofSeconds(1);

    private final ConnectionContext context;
    private final ConfigValues config;

    RabbitMqConfig(ConnectionContext context) {
        this.context = context;
        this.config = context.config();
    }

    /** All options, with their bounds. */
    public static List<ConfigOption> options() {
        List<ConfigOption> options = new ArrayList<>(List.of(
                ConfigOption.number(
                        LANES,
                        8,
                        1,
                        Slots.COUNT,
                        "RabbitMQ queues behind a queue or subscription with per-key order; a power of two"),
                ConfigOption.number(
                        LANE_PREFETCH,
                        32,
                        1,
                        65_535,
                        "messages of a RabbitMQ queue with per-key or total order that the server sends in advance"),
                ConfigOption.choice(
                        QUEUE_TYPE, "quorum", List.of("quorum", "classic"), "the type of queues that are created"),
                ConfigOption.size(
                        MAX_MESSAGE, "16MiB", 1, 512L << 20, "largest body; not above the server's max_message_size"),
                ConfigOption.duration(
                        HEARTBEAT, "10s", 1_000, 600_000, "a connection that is silent for twice as long is closed")));
        options.addAll(TlsStores.options());
        return options;
    }

    /** One sentence per mistake that can be seen without a connection. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        BrokerUrl url = context.url();
        if (url.authority().isEmpty()) {
            problems.add("anymq.url: name at least one host, such as rabbitmq://guest:guest@localhost:5672");
        } else {
            for (InetSocketAddress address : addresses()) {
                String host = address.getHostString();
                if (host.isEmpty() || host.chars().anyMatch(Character::isWhitespace)) {
                    problems.add(
                            "anymq.url: '" + host + "' is not a valid host; write rabbitmq://one:5672,two:5672/vhost");
                }
            }
        }
        if (url.user() != null && url.password() == null) {
            problems.add("anymq.url: the user has no password; write rabbitmq://user:password@host");
        }
        if (url.path().indexOf('/') >= 0 && url.path().length() > 1) {
            problems.add("anymq.url: the hosts must be followed by one virtual host; write a slash in its name as %2F");
        }
        long lanes = config.number(LANES);
        if (Long.bitCount(lanes) != 1) {
            problems.add("anymq.rabbitmq.lanes: must be a power of two from 1 to 256, but was " + lanes);
        }
        problems.addAll(TlsStores.problems(config, "anymq.rabbitmq."));
        return problems;
    }

    int lanes() {
        return (int) config.number(LANES);
    }

    int lanePrefetch() {
        return (int) config.number(LANE_PREFETCH);
    }

    boolean quorum() {
        return config.text(QUEUE_TYPE).orElse("quorum").equals("quorum");
    }

    int maxBodyBytes() {
        return (int) config.size(MAX_MESSAGE);
    }

    Duration operationTimeout() {
        return context.operationTimeout();
    }

    String clientName() {
        return context.clientName();
    }

    /** For errors: without user and password. */
    String where() {
        return "RabbitMQ at " + context.url().authority();
    }

    /** One of them, for the log. */
    String where(InetSocketAddress server) {
        return "RabbitMQ at " + server.getHostString() + ":" + server.getPort();
    }

    String user() {
        String user = context.url().user();
        return user == null ? ConnectionFactory.DEFAULT_USER : user;
    }

    /** The URL's path; none means RabbitMQ's default virtual host, which is called {@code /}. */
    String virtualHost() {
        String path = context.url().path();
        return path.isEmpty() ? ConnectionFactory.DEFAULT_VHOST : path;
    }

    List<InetSocketAddress> addresses() {
        int port = config.flag(TlsStores.TLS)
                ? ConnectionFactory.DEFAULT_AMQP_OVER_SSL_PORT
                : ConnectionFactory.DEFAULT_AMQP_PORT;
        return HostPort.addresses(context.url(), port);
    }

    /** What to put on a connected socket; empty without TLS. */
    Optional<TlsStores> tls() {
        return TlsStores.ifOn(config);
    }

    /** Why the first server and this client cannot agree on TLS, if that is wanted and is what is wrong. */
    Optional<SSLException> tlsRefusal() {
        InetSocketAddress first = addresses().get(0);
        String host = first.getHostString();
        String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + first.getPort();
        return tls().flatMap(stores -> stores.whyRefused(address, Deadline.after(HANDSHAKE)));
    }

    /** Sets up a factory, except for its sockets and without the library's own recovery: see {@link RabbitMqLink}. */
    ConnectionFactory configure(ConnectionFactory factory) {
        factory.setUsername(user());
        String password = context.url().password();
        factory.setPassword(password == null ? ConnectionFactory.DEFAULT_PASS : password);
        factory.setVirtualHost(virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setShutdownTimeout(1_000);
        factory.setChannelRpcTimeout(
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, operationTimeout().toMillis())));
        factory.setRequestedHeartbeat(
                (int) Math.max(1, config.duration(HEARTBEAT).toSeconds()));
        factory.setMaxInboundMessageBodySize(512 << 20);
        return factory;
    }
}
