package io.anymq.tck.wrap;

import io.anymq.TimeSource;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerUrl;
import io.anymq.spi.Capabilities;
import io.anymq.spi.ConnectionContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** An adapter as the engine would use it, without the engine. Immutable. */
public final class DirectAdapter {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BrokerAdapter adapter;
    private final BrokerUrl url;
    private final StandaloneConfig config;

    private DirectAdapter(BrokerAdapter adapter, BrokerUrl url, StandaloneConfig config) {
        this.adapter = adapter;
        this.url = url;
        this.config = config;
    }

    /** Finds the adapter for {@code url} on the class path. */
    public static DirectAdapter find(String url, Map<String, String> settings) {
        BrokerUrl parsed = BrokerUrl.parse(url);
        BrokerAdapter adapter = ServiceLoader.load(BrokerAdapter.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.scheme().equals(parsed.scheme()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no adapter for scheme " + parsed.scheme()));
        String prefix = "anymq." + parsed.scheme() + ".";
        Map<String, String> all = new HashMap<>(settings);
        parsed.parameters().forEach((name, value) -> all.put(prefix + name, value));
        return new DirectAdapter(adapter, parsed, new StandaloneConfig(adapter.options(), prefix, all));
    }

    /** Connects with this client name, bounds and time. */
    public BrokerConnection connect(
            String clientName, Duration connectTimeout, Duration operationTimeout, TimeSource timeSource) {
        return adapter.connect(
                new ConnectionContext(url, config, clientName, connectTimeout, operationTimeout, timeSource));
    }

    /** The context that {@link #connect} passes to the adapter, with the system's time and one limit for everything. */
    public ConnectionContext context(String clientName, Duration timeout) {
        return new ConnectionContext(url, config, clientName, timeout, timeout, new SystemTime());
    }

    /** Why the adapter refuses a physical name, or null. */
    public @Nullable String invalidPhysicalName(Address address) {
        return adapter.invalidPhysicalName(address, context("anymq-tck-names", TIMEOUT));
    }

    /** The capabilities the adapter declares at this broker. */
    public Capabilities capabilities() {
        BrokerConnection connection = connect("anymq-tck-capabilities", TIMEOUT, TIMEOUT, new SystemTime());
        try {
            return connection.capabilities();
        } finally {
            connection.close(TIMEOUT);
        }
    }
}
