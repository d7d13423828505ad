package io.anymq.activemq;

import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.TlsStores;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.activemq.ActiveMQConnectionFactory;

/**
 * The options under {@code anymq.activemq.}, their defaults, and the native settings that follow from them. Immutable.
 *
 * <table>
 * <caption>Options</caption>
 * <tr><th>name</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@value #SERVER}</td><td>auto</td><td>{@code classic}, {@code artemis}, or what the broker says it is</td></tr>
 * <tr><td>{@value #USER}, {@value #PASSWORD}</td><td></td><td>who connects; also in the URL</td></tr>
 * <tr><td>{@value #PREFETCH}</td><td>1000</td><td>messages that the broker sends a consumer in advance, 1 to 32,766</td></tr>
 * <tr><td>{@value #BATCH}</td><td>250</td><td>the most sends in one transaction, 1 to 1,000; ActiveMQ Classic
 * only</td></tr>
 * <tr><td>{@value #SEND_CONNECTIONS}</td><td>1</td><td>connections for sending, each with its share of the keys, 1 to
 * 16</td></tr>
 * <tr><td>{@value #DELAY}</td><td>auto</td><td>{@code native}: the broker's scheduler; {@code emulated}: queues as lanes; auto
 * asks the broker whether its scheduler is on</td></tr>
 * <tr><td>{@value #MAX_MESSAGE}</td><td>4MiB</td><td>largest message with its properties; less if the broker's frame is
 * smaller</td></tr>
 * <tr><td>{@value #TOPIC_PREFIX}</td><td>VirtualTopic.</td><td>what virtual topics are called</td></tr>
 * <tr><td>{@value #SUBSCRIPTION_PREFIX}</td><td>Consumer.</td><td>what their queues are called</td></tr>
 * <tr><td>{@value #TLS}, {@code trust-store}, {@code key-store}</td><td>false</td><td>TLS, and the stores' files</td></tr>
 * <tr><td>{@value #TLS_VERIFY_HOST}</td><td>true</td><td>refuse a certificate that is made out to another host</td></tr>
 * <tr><td>{@code transport.*}</td><td></td><td>parameters of ActiveMQ's TCP transport, such as {@code
 * transport.wireFormat.maxInactivityDuration}</td></tr>
 * </table>
 *
 * <pre>{@code
 * anymq.url=activemq://user:secret@one:61616,two:61616
 * anymq.activemq.tls=true
 * anymq.activemq.trust-store=/etc/app/trust.p12
 * }</pre>
 */
public final class ActiveMqConfig {
    /** Which server answers. */
    public static final String SERVER = "server";

    /** Who connects. */
    public static final String USER = "user";

    /** The user's password. */
    public static final String PASSWORD = "password";

    /** Messages that the broker sends a consumer in advance. */
    public static final String PREFETCH = "prefetch";

    /** The most sends in one transaction. */
    public static final String BATCH = "batch";

    /** Connections that share the keys of what is sent. */
    public static final String SEND_CONNECTIONS = "send-connections";

    /** Who holds delayed messages back. */
    public static final String DELAY = "delay";

    /** Largest message with its properties. */
    public static final String MAX_MESSAGE = "max-message";

    /** What virtual topics are called. */
    public static final String TOPIC_PREFIX = "topic-prefix";

    /** What the queues of virtual topics are called. */
    public static final String SUBSCRIPTION_PREFIX = "subscription-prefix";

    /** Whether the connection is encrypted. */
    public static final String TLS = TlsStores.TLS;

    /** Whether the certificate must be made out to the host. */
    public static final String TLS_VERIFY_HOST = TlsStores.VERIFY_HOST;

    static final String TRANSPORT = "transport.";

    /** What a message may hold besides the body: headers of 16 KiB, escaped names, key, id and OpenWire's own framing. */
    private static final int ROOM_BESIDE_BODY = 64 * 1024;

    private static final int SOCKET_BUFFER_BYTES = 1 << 20;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(10);

    private final ConnectionContext context;
    private final ConfigValues config;

    ActiveMqConfig(ConnectionContext context) {
        this.context = context;
        this.config = context.config();
    }

    /** All options, with their bounds. */
    public static List<ConfigOption> options() {
        List<ConfigOption> options = new ArrayList<>(List.of(
                ConfigOption.choice(
                        SERVER, "auto", List.of("auto", "classic", "artemis"), "which server answers at the URL"),
                ConfigOption.text(USER, null, "who connects, unless the URL says it"),
                ConfigOption.secret(PASSWORD, "the user's password, unless the URL holds it"),
                ConfigOption.number(PREFETCH, 1_000, 1, 32_766, "messages that the broker sends a consumer in advance"),
                ConfigOption.number(
                        BATCH, 250, 1, 1_000, "ActiveMQ Classic: the most sends in one transaction; 1 for none"),
                ConfigOption.number(
                        SEND_CONNECTIONS, 1, 1, 16, "connections for sending, each with its share of the keys"),
                ConfigOption.choice(
                        DELAY,
                        "auto",
                        List.of("auto", "native", "emulated"),
                        "who holds delayed messages back: the broker's scheduler, or AnyMQ with queues as lanes"),
                ConfigOption.size(
                        MAX_MESSAGE,
                        "4MiB",
                        2L * ROOM_BESIDE_BODY,
                        1L << 30,
                        "largest message with its properties, which take up to 64 KiB more than the body"),
                ConfigOption.text(TOPIC_PREFIX, "VirtualTopic.", "what the names of virtual topics begin with"),
                ConfigOption.text(
                        SUBSCRIPTION_PREFIX, "Consumer.", "what the names of virtual topics' queues begin with"),
                ConfigOption.passThrough(TRANSPORT, List.of(), "parameters of ActiveMQ's TCP transport")));
        options.addAll(TlsStores.options());
        return options;
    }

    /** One sentence per mistake that needs no broker to be found. */
    static List<String> problems(ConfigValues config) {
        List<String> problems = new ArrayList<>();
        for (String prefix : List.of(TOPIC_PREFIX, SUBSCRIPTION_PREFIX)) {
            String value = config.text(prefix).orElse("");
            if (!value.matches("[A-Za-z0-9_.-]{0,64}")) {
                problems.add("anymq.activemq." + prefix + ": letters, digits and _ . - only, at most 64");
            }
        }
        problems.addAll(TlsStores.problems(config, "anymq.activemq."));
        return problems;
    }

    Optional<ServerKind> server() {
        return switch (config.text(SERVER).orElse("auto")) {
            case "classic" -> Optional.of(ServerKind.CLASSIC);
            case "artemis" -> Optional.of(ServerKind.ARTEMIS);
            default -> Optional.empty();
        };
    }

    /** {@code auto}, {@code native} or {@code emulated}. */
    String delay() {
        return config.text(DELAY).orElse("auto");
    }

    int prefetch() {
        return (int) config.number(PREFETCH);
    }

    int batch() {
        return (int) config.number(BATCH);
    }

    int sendConnections() {
        return (int) config.number(SEND_CONNECTIONS);
    }

    /** The largest body when the broker takes frames of this size. */
    int maxBodyBytes(long maxFrameBytes) {
        return (int) (Math.min(config.size(MAX_MESSAGE), maxFrameBytes) - ROOM_BESIDE_BODY);
    }

    String topicPrefix() {
        return config.text(TOPIC_PREFIX).orElse("");
    }

    String subscriptionPrefix() {
        return config.text(SUBSCRIPTION_PREFIX).orElse("");
    }

    Duration operationTimeout() {
        return context.operationTimeout();
    }

    String clientName() {
        return context.clientName();
    }

    /** The brokers in the order in which they are tried. */
    List<String> addresses() {
        return List.of(context.url().authority().split(",", -1));
    }

    /**
     * The vendor's factory for one of the addresses. Connecting, TLS if it is on, agreeing on the wire format and logging in
     * wait one after the other, each at most {@code step}.
     */
    ActiveMQConnectionFactory factory(String address, Duration step) {
        long millis = Math.max(1, Math.min(step.toMillis(), LONGEST_STEP.toMillis()));
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("connectionTimeout", Long.toString(millis));
        // The first wait for the peer's wire format ends after the monitor's initial delay.
        parameters.put("wireFormat.maxInactivityDurationInitalDelay", Long.toString(millis));
        parameters.put(
                "soWriteTimeout",
                Long.toString(Math.max(1_000, operationTimeout().toMillis())));
        boolean tls = config.flag(TLS);
        if (tls) {
            parameters.put("socket.verifyHostName", Boolean.toString(config.flag(TLS_VERIFY_HOST)));
        }
        // The vendor's 64 KiB are less than a segment of the loopback device: TCP then stops for 200 ms at a time.
        parameters.put("socketBufferSize", Integer.toString(SOCKET_BUFFER_BYTES));
        parameters.putAll(config.passThrough(TRANSPORT));
        String url = (tls ? "ssl://" : "tcp://") + address + "?" + query(parameters);
        ActiveMQConnectionFactory factory = tls
                ? new TlsConnectionFactory(new TlsStores(config).context(), Duration.ofMillis(millis))
                : new ActiveMQConnectionFactory();
        factory.setBrokerURL(url);
        String user = context.url().user();
        String password = context.url().password();
        factory.setUserName(user != null ? user : config.text(USER).orElse(null));
        factory.setPassword(password != null ? password : config.text(PASSWORD).orElse(null));
        factory.setConnectResponseTimeout((int) millis);
        factory.setCloseTimeout(1_000);
        factory.setClientIDPrefix(clientName());
        // No temporary destinations of other clients are of interest.
        factory.setWatchTopicAdvisories(false);
        factory.setTrustAllPackages(false);
        factory.setTrustedPackages(List.of());
        return factory;
    }

    /** Why the broker and this client cannot agree on TLS, if that is wanted and is what is wrong. */
    Optional<SSLException> tlsRefusal(String address, Deadline deadline) {
        return config.flag(TLS)
                ? new TlsStores(config).whyRefused(address, config.flag(TLS_VERIFY_HOST), deadline)
                : Optional.empty();
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
