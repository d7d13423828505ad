package io.anymq.rocketmq;

import io.anymq.rocketmq.protocol.ClientSettings;
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
 * The options under {@code anymq.rocketmq.}, their defaults, and the settings of the client that follow from them.
 * Immutable.
 *
 * <table>
 * <caption>Options</caption>
 * <tr><th>name</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@value #QUEUES}</td><td>8</td><td>message queues of a topic that is created, on each broker, 1 to 1,024;
 * always 1 in all with total order</td></tr>
 * <tr><td>{@value #MAX_MESSAGE}</td><td>4MiB</td><td>largest message; the broker's {@code maxMessageSize}, and the
 * largest body of a compressed message when it is decompressed</td></tr>
 * <tr><td>{@value #ACCESS_KEY}, {@value #SECRET_KEY}</td><td></td><td>user name and password of RocketMQ's access
 * control</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TLS}</td><td>false</td><td>connect with TLS, to name servers and
 * brokers</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#VERIFY_HOST}</td><td>true</td><td>refuse a certificate
 * that is made out to another host</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#TRUST_STORE},
 * {@value io.anymq.spi.support.TlsStores#TRUST_STORE_PASSWORD}</td><td>the JVM's</td><td>PKCS#12
 * or JKS file of the authorities to trust</td></tr>
 * <tr><td>{@value io.anymq.spi.support.TlsStores#KEY_STORE},
 * {@value io.anymq.spi.support.TlsStores#KEY_STORE_PASSWORD}</td><td>none</td><td>PKCS#12 or
 * JKS file of the client's own certificate</td></tr>
 * <tr><td>{@value #TAKEOVER_DELAY}</td><td>2s</td><td>how long a consumer must have been gone before others take over
 * the queues that it left locked, 100 ms to 60 s</td></tr>
 * </table>
 *
 * <pre>{@code
 * anymq.url=rocketmq://one:9876,two:9876
 * anymq.rocketmq.queues=16
 * anymq.rocketmq.access-key=orders
 * anymq.rocketmq.secret-key=…
 * }</pre>
 */
public final class RocketMqConfig {
    /** Message queues of a topic that is created, on each broker. */
    public static final String QUEUES = "queues";

    /** Largest message with its properties. */
    public static final String MAX_MESSAGE = "max-message";

    /** User name of RocketMQ's access control. */
    public static final String ACCESS_KEY = "access-key";

    /** Password of RocketMQ's access control. */
    public static final String SECRET_KEY = "secret-key";

    /** The time a consumer must be gone before its locks are broken. */
    public static final String TAKEOVER_DELAY = "takeover-delay";

    /** The room a message needs besides its body: at most 32 KiB of properties, its topic, addresses and numbers. */
    private static final int ROOM_BESIDE_BODY = 40 * 1024;

    /** A request that only keeps things going may fail early: it is repeated. */
    private static final Duration LONGEST_UPKEEP = Duration.ofSeconds(2);

    private final ConnectionContext context;
    private final ConfigValues config;

    RocketMqConfig(ConnectionContext context) {
        this.context = context;
        this.config = context.config();
    }

    /** All options, with their bounds. */
    public static List<ConfigOption> options() {
        List<ConfigOption> options = new ArrayList<>(List.of(
                ConfigOption.number(
                        QUEUES,
                        8,
                        1,
                        1_024,
                        "number of message queues of created topics on each broker; always 1 with total order"),
                ConfigOption.size(
                        MAX_MESSAGE,
                        "4MiB",
                        2L * ROOM_BESIDE_BODY,
                        64L << 20,
                        "maximum size of a message, as the broker's maxMessageSize; 40 KiB more than the largest body"),
                ConfigOption.text(ACCESS_KEY, null, "user name for RocketMQ's access control"),
                ConfigOption.secret(SECRET_KEY, "password for RocketMQ's access control"),
                ConfigOption.duration(
                        TAKEOVER_DELAY,
                        "2s",
                        100,
                        60_000,
                        "how long a consumer must be gone before others take over the queues it left locked")));
        options.addAll(TlsStores.options());
        return options;
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (config.text(ACCESS_KEY).isPresent() != config.text(SECRET_KEY).isPresent()) {
            problems.add("anymq.rocketmq." + ACCESS_KEY + " and anymq.rocketmq." + SECRET_KEY
                    + " belong together; set both or neither");
        }
        problems.addAll(TlsStores.problems(config, "anymq.rocketmq."));
        return problems;
    }

    String nameServers() {
        return context.url().authority();
    }

    String clientName() {
        return context.clientName();
    }

    int queues() {
        return (int) config.number(QUEUES);
    }

    int maxMessageBytes() {
        return (int) config.size(MAX_MESSAGE);
    }

    int maxBodyBytes() {
        return maxMessageBytes() - ROOM_BESIDE_BODY;
    }

    Duration takeoverDelay() {
        return config.duration(TAKEOVER_DELAY);
    }

    Duration operationTimeout() {
        return context.operationTimeout();
    }

    /** For requests that are repeated anyway, such as heartbeats. */
    Duration upkeepTimeout() {
        return context.operationTimeout().compareTo(LONGEST_UPKEEP) < 0 ? context.operationTimeout() : LONGEST_UPKEEP;
    }

    /** Why the first name server and this client cannot agree on TLS, if that is wanted and is what is wrong. */
    Optional<SSLException> tlsRefusal(Deadline deadline) {
        String first = nameServers().split(",", -1)[0];
        return TlsStores.ifOn(config).flatMap(stores -> stores.whyRefused(first, deadline));
    }

    ClientSettings client() {
        return new ClientSettings(
                nameServers(),
                context.connectTimeout(),
                TlsStores.ifOn(config).orElse(null),
                config.text(ACCESS_KEY).orElse(null),
                config.text(SECRET_KEY).orElse(null));
    }
}
