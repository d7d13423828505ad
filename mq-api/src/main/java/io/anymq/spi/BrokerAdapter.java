package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entry to an adapter, found by {@link java.util.ServiceLoader} through {@code
 * META-INF/services/io.anymq.spi.BrokerAdapter}. Public no-argument constructor; stateless and thread-safe.
 */
@API(API.Status.EVOLVING)
public interface BrokerAdapter {
    /** The URL scheme it answers to, lower case, such as {@code kafka}. */
    String scheme();

    /**
     * The options under {@code anymq.<scheme>.}, which the engine parses, validates and lists in its errors before
     * {@link #connect} is called; by default none. Constant.
     *
     * <p>Parameters of the URL ({@code kafka://host?linger=5ms}) are such options as well: the engine parses both, so an
     * adapter reads {@link ConnectionContext#config()} alone, and from the URL only its authority and path.
     */
    default List<ConfigOption> options() {
        return List.of();
    }

    /**
     * Checks what only the adapter can judge, without any I/O: the URL's authority and path, contradictions between
     * options, unknown native settings. Called before {@link #connect}, on the caller's thread; throws nothing.
     *
     * @return one sentence per mistake, empty when there is none, as by default
     */
    default List<String> validate(ConnectionContext context) {
        return List.of();
    }

    /**
     * Judges a physical name without any I/O: its length, its alphabet, and the names that the broker or the adapter
     * reserves. An adapter that does not override this has no physical names, and every one is refused.
     *
     * @param address of a queue, a topic or a subscription, with a {@link Address#physicalName()} that is not blank
     * @return the bound and the cure, such as "a Kafka topic must have 1 to 249 characters of A-Z a-z 0-9 . _ -"; null if
     *     the broker can hold it
     */
    default @Nullable String invalidPhysicalName(Address address, ConnectionContext context) {
        return "the adapter for " + scheme() + " does not support physical names; remove the key";
    }

    /**
     * Connects and proves that the broker answers. Called on the caller's thread; blocks at most {@link
     * ConnectionContext#connectTimeout()} and leaves nothing behind when it fails.
     *
     * @throws MessagingException UNAVAILABLE or TIMEOUT (retryable), AUTHENTICATION, AUTHORIZATION, UNSUPPORTED; the
     *     message says what to do
     */
    BrokerConnection connect(ConnectionContext context);
}
