package io.anymq.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.TlsStores;
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
 * <tr><td>{@value #LANES}</td><td>8</td><td>RabbitMQ queues behind a queue or subscription with per-key order: 1, 2, 4 …
 * 256. Fixed when it is created</td></tr>
 * <tr><td>{@value #QUEUE_TYPE}</td><td>quorum</td><td>{@code quorum} or {@code classic}, for queues that are
 * created</td></tr>
 * <tr><td>{@value #MAX_MESSAGE}</td><td>16MiB</td><td>largest body; the server's {@code max_message_size} must not be
 * smaller</td></tr>
 * <tr><td>{@value #HEARTBEAT}</td><td>10s</td><td>a connection silent for twice as long is given up</td></tr>
 * <tr><td>{@value #TLS}</td><td>false</td><td>connect with TLS, to port 5671 unless the URL says another</td></tr>
 * <tr><td>{@value #TLS_VERIFY_HOST}</td><td>true</td><td>refuse a certificate that is made out to another host</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TRUST_STORE}, {@value io.anymq.spi.support.TlsStores#TRUST_STORE_PASSWORD}</td><td>the JVM's</td><td>PKCS#12 or JKS file of the
 * authorities to trust</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#KEY_STORE}, {@value io.anymq.spi.support.TlsStores#KEY_STORE_PASSWORD}</td><td>none</td><td>PKCS#12 or JKS file of the client's own
 * certificate</td></tr>
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

    /** The type of queues that are created. */
    public static final String QUEUE_TYPE = "queue-type";

    /** Largest body. */
    public static final String MAX_MESSAGE = "max-message";

    /** How often a sign of life is asked for. */
    public static final String HEARTBEAT = "heartbeat";

    /** Whether to connect with TLS. */
    public static final String TLS = TlsStores.TLS;

    /** Whether the certificate must be made out to the host. */
    public static final String TLS_VERIFY_HOST = TlsStores.VERIFY_HOST;

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
                ConfigOption.choice(
                        QUEUE_TYPE, "quorum", List.of("quorum", "classic"), "the type of queues that are created"),
                ConfigOption.size(
                        MAX_MESSAGE, "16MiB", 1, 512L << 20, "largest body; not above the server's max_message_size"),
                ConfigOption.duration(
                        HEARTBEAT, "10s", 1_000, 600_000, "a connection silent for twice as long is given up")));
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
            for (String address : url.authority().split(",", -1)) {
                if (hostOf(address).isEmpty() || address.chars().anyMatch(Character::isWhitespace)) {
                    problems.add("anymq.url: '" + address + "' is no host; write rabbitmq://one:5672,two:5672/vhost");
                }
            }
        }
        if (url.user() != null && url.password() == null) {
            problems.add("anymq.url: the user has no password; write rabbitmq://user:password@host");
        }
        if (url.path().indexOf('/') >= 0 && url.path().length() > 1) {
            problems.add("anymq.url: behind the hosts comes one virtual host; write a slash in its name as %2F");
        }
        long lanes = config.number(LANES);
        if (Long.bitCount(lanes) != 1) {
            problems.add(
                    "anymq.rabbitmq.lanes: " + lanes + " is no power of two; use 1, 2, 4, 8, 16, 32, 64, 128 or 256");
        }
        problems.addAll(TlsStores.problems(config, "anymq.rabbitmq."));
        return problems;
    }

    int lanes() {
        return (int) config.number(LANES);
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

    Duration connectTimeout() {
        return context.connectTimeout();
    }

    String clientName() {
        return context.clientName();
    }

    /** For errors: without user and password. */
    String where() {
        return "RabbitMQ at " + context.url().authority();
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

    List<Address> addresses() {
        int port =
                config.flag(TLS) ? ConnectionFactory.DEFAULT_AMQP_OVER_SSL_PORT : ConnectionFactory.DEFAULT_AMQP_PORT;
        List<Address> addresses = new ArrayList<>();
        for (String text : context.url().authority().split(",", -1)) {
            String host = hostOf(text);
            String rest = text.substring(text.indexOf(host) + host.length()).replaceFirst("^]", "");
            addresses.add(new Address(host, rest.startsWith(":") ? Integer.parseInt(rest.substring(1)) : port));
        }
        return addresses;
    }

    /** Why the first server and this client cannot agree on TLS, if that is wanted and is what is wrong. */
    Optional<SSLException> tlsRefusal() {
        if (!config.flag(TLS)) {
            return Optional.empty();
        }
        Address first = addresses().get(0);
        String host = first.getHost().indexOf(':') < 0 ? first.getHost() : "[" + first.getHost() + "]";
        return new TlsStores(config)
                .whyRefused(host + ":" + first.getPort(), config.flag(TLS_VERIFY_HOST), Deadline.after(HANDSHAKE));
    }

    /** {@code [::1]:5672} → {@code ::1}. */
    private static String hostOf(String address) {
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            return end < 0 ? "" : address.substring(1, end);
        }
        int colon = address.indexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** Sets a factory up, without any recovery of its own: see {@link RabbitMqLink}. */
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
        if (config.flag(TLS)) {
            // useSslProtocol would check the host's name in any case
            factory.setSocketFactory(new TlsStores(config).context().getSocketFactory());
            if (config.flag(TLS_VERIFY_HOST)) {
                factory.enableHostnameVerification();
            }
        }
        return factory;
    }
}
