package io.anymq.inmemory;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The adapter for {@code inmemory:} (a broker private to the client) and {@code inmemory:name} (one shared by all clients
 * of this JVM). Found by {@link java.util.ServiceLoader}; stateless and thread-safe.
 *
 * <pre>{@code
 * anymq.url=inmemory:orders
 * anymq.inmemory.queue-messages=20000
 * }</pre>
 */
public final class InMemoryAdapter implements BrokerAdapter {
    /** For {@link java.util.ServiceLoader}. */
    public InMemoryAdapter() {}

    @Override
    public String scheme() {
        return "inmemory";
    }

    @Override
    public List<ConfigOption> options() {
        return InMemoryConfig.OPTIONS;
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        return InMemoryConfig.problems(context.url(), context.config());
    }

    /** Any text will do. */
    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return null;
    }

    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return InMemoryConnection.open(context);
    }
}
