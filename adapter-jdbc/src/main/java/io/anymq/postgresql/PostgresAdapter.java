package io.anymq.postgresql;

import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as an AnyMQ broker, for URLs such as {@code postgresql://user:password@host:5432/database} or, where one of
 * several servers is the primary, {@code postgresql://user:password@one:5432,two:5432/database}. Found by {@link
 * java.util.ServiceLoader}; stateless and thread-safe.
 *
 * <pre>{@code
 * try (MessagingClient client = MessagingClient.connect("postgresql://app:secret@localhost:5432/app")) { … }
 * }</pre>
 */
public final class PostgresAdapter implements BrokerAdapter {
    /** For {@link java.util.ServiceLoader}. */
    public PostgresAdapter() {}

    @Override
    public String scheme() {
        return "postgresql";
    }

    @Override
    public List<ConfigOption> options() {
        return PostgresConfig.options();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        return PostgresConfig.problems(context);
    }

    @Override
    public @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return Places.problem(Objects.requireNonNull(address.physicalName()));
    }

    /**
     * Connects to the first server that answers and is not a standby. Blocks at most the connect time-out; leaves no
     * thread or socket behind when it fails. The tables are created, or looked for, when the first queue or topic is
     * provisioned.
     *
     * @throws MessagingException UNAVAILABLE or TIMEOUT (retryable), AUTHENTICATION, AUTHORIZATION, NOT_FOUND (no such
     *     database), UNSUPPORTED (a server before version 13, or a database that is not in UTF-8)
     */
    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return PostgresConnection.open(context);
    }
}
