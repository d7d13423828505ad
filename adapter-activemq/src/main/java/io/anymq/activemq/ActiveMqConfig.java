package io.anymq.activemq;

import io.anymq.Escape;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.TlsStores;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.transport.TransportFactory;

/**
 * The options under {@code anymq.activemq.}, their defaults, and the native settings that follow from them. Immutable.
 *
 * <pre>{@code
 * anymq.url=activemq://user:secret@one:61616,two:61616
 * anymq.activemq.tls=true
 * anymq.activemq.trust-store=/etc/app/trust.p12
 * }</pre>
 */
final class ActiveMqConfig {
    static final String SERVER = "server";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String PREFETCH = "prefetch";

    /** Brokers take no larger one. */
    private static final int MOST_PREFETCH = 32_766;

    static final String BATCH = "batch";
    static final String SEND_CONNECTIONS = "send-connections";
    static final String DELAY = "delay";
    static final String MAX_MESSAGE = "max-message";
    static final String TOPIC_PREFIX = "topic-prefix";
    static final String SUBSCRIPTION_PREFIX = "subscription-prefix";
    static final String TLS = TlsStores.TLS;
    static final String TLS_VERIFY_HOST = TlsStores.VERIFY_HOST;
    static final String TRANSPORT = "transport.";

    /**
     * The room a message needs besides its body: headers of 16 KiB, escaped names, key, id and OpenWire's own framing.
     */
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
    static List<ConfigOption> options() {
        List<ConfigOption> options = new ArrayList<>(List.of(
                ConfigOption.choice(SERVER, "auto", List.of("auto", "classic", "artemis"), "the server at the URL"),
                ConfigOption.text(USER, null, "the user name, unless the URL contains it"),
                ConfigOption.secret(PASSWORD, "the user's password, unless the URL contains it"),
                ConfigOption.number(
                        PREFETCH, MOST_PREFETCH, 1, MOST_PREFETCH, "maximum number of messages sent in advance"),
                ConfigOption.number(BATCH, 250, 1, 1_000, "Classic: maximum number of sends in one transaction"),
                ConfigOption.number(SEND_CONNECTIONS, 1, 1, 16, "connections for sending, which share the keys"),
                ConfigOption.choice(
                        DELAY,
                        "auto",
                        List.of("auto", "native", "emulated"),
                        "whether the broker's scheduler delays messages (native) or AnyMQ does in its own queues"),
                ConfigOption.size(
                        MAX_MESSAGE,
                        "4MiB",
                        2L * ROOM_BESIDE_BODY,
                        1L << 30,
                        "maximum size of a message with its properties, 64 KiB more than the largest body"),
                ConfigOption.text(TOPIC_PREFIX, "VirtualTopic.", "prefix of the names of virtual topics"),
                ConfigOption.text(SUBSCRIPTION_PREFIX, "Consumer.", "prefix of the names of virtual topics' queues"),
                ConfigOption.passThrough(TRANSPORT, List.of(), "ActiveMQ TCP transport parameters")));
        options.addAll(TlsStores.options());
        return options;
    }

    /** One sentence per mistake that needs no broker to be found. */
    static List<String> problems(ConfigValues config) {
        List<String> problems = new ArrayList<>();
        for (String prefix : List.of(TOPIC_PREFIX, SUBSCRIPTION_PREFIX)) {
            String value = config.text(prefix).orElse("");
            if (!value.matches("[A-Za-z0-9_.-]{0,64}")) {
                problems.add("anymq.activemq." + prefix + " must have at most 64 characters, only letters,"
                        + " digits and _ . -");
            }
        }
        problems.addAll(TlsStores.problems(config, "anymq.activemq."));
        String transport = (config.flag(TLS) ? "ssl" : "tcp") + "://127.0.0.1:1?";
        config.passThrough(TRANSPORT).forEach((name, value) -> {
            if (!isTaken(transport + query(Map.of(name, value)))) {
                problems.add("anymq.activemq." + TRANSPORT + name + ": ActiveMQ's TCP transport has no parameter "
                        + Escape.forLog(name) + ", or not with this value; correct it, or remove the key");
            }
        });
        return problems;
    }

    /** Whether the vendor makes a transport of this; it connects only when it is started. */
    private static boolean isTaken(String uri) {
        try {
            TransportFactory.connect(URI.create(uri)).stop();
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** As it is set; empty for what the broker reports. */
    Optional<ServerKind> server() {
        return config.text(SERVER)
                .filter(kind -> !kind.equals("auto"))
                .map(kind -> ServerKind.valueOf(kind.toUpperCase(Locale.ROOT)));
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

    /** The brokers in the order in which they are tried, separated by commas. */
    String addresses() {
        return context.url().authority();
    }

    /**
     * The vendor's factory for one of the addresses. Connecting, TLS if it is on, agreeing on the wire format and
     * logging in wait one after the other, each at most {@code step}.
     */
    ActiveMQConnectionFactory factory(String address, Duration step) {
        long millis = Math.max(1, Math.min(step.toMillis(), LONGEST_STEP.toMillis()));
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("connectionTimeout", millis);
        // The first wait for the peer's wire format ends after the monitor's initial delay.
        parameters.put("wireFormat.maxInactivityDurationInitalDelay", millis);
        parameters.put("soWriteTimeout", Math.max(1_000, operationTimeout().toMillis()));
        // A client without consumers must not keep the JVM alive.
        parameters.put("daemon", true);
        boolean tls = config.flag(TLS);
        if (tls) {
            parameters.put("socket.verifyHostName", config.flag(TLS_VERIFY_HOST));
        }
        // The vendor's 64 KiB are less than a segment of the loopback device: TCP then stops for 200 ms at a time.
        parameters.put("socketBufferSize", SOCKET_BUFFER_BYTES);
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

    /** The reason of a failed TLS handshake, if TLS is on and the handshake failed. */
    Optional<SSLException> tlsRefusal(String address, Deadline deadline) {
        return TlsStores.ifOn(config).flatMap(stores -> stores.whyRefused(address, deadline));
    }

    private static String query(Map<String, Object> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(Object text) {
        return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8);
    }
}
