package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingClient;
import java.util.List;

/**
 * Configuration keys of a library that builds on AnyMQ: an outbox, listeners, tracing. A module owns every key under
 * {@code anymq.<prefix>.}; the engine reads them from all sources, checks them together with everything else, and
 * reports all mistakes at once. An adapter needs no module: its {@linkplain BrokerAdapter#scheme() scheme} is its
 * prefix.
 *
 * <p>Found by {@link java.util.ServiceLoader}: name the class in {@code META-INF/services/io.anymq.spi.ConfigModule},
 * and in the module path's case with {@code provides}. It has a public constructor without parameters. Implementations
 * are stateless and thread-safe; each method is called once or more for every client that is built, before anything is
 * connected, and must neither block nor do I/O.
 *
 * <pre>{@code
 * public final class OutboxConfig implements ConfigModule {
 *     public String prefix() {
 *         return "outbox";
 *     }
 *
 *     public List<ConfigOption> options() {
 *         return List.of(
 *                 ConfigOption.text("table", "anymq_outbox", "the table"),
 *                 ConfigOption.duration("poll-interval", "1s", 10, 60_000, "how often the table is read"));
 *     }
 * }
 * }</pre>
 *
 * <p>A user then sets {@code anymq.outbox.poll-interval=500ms}, and the library reads it with
 * {@code client.config("outbox").duration("poll-interval")}: see {@link MessagingClient#config} and
 * {@link MessagingClient.Builder#config}.
 *
 * <p>A module that throws, returns null, or has a prefix that the engine, an adapter or another module uses makes
 * {@link MessagingClient.Builder#open} fail with a {@link io.anymq.ConfigurationException} that names the module's
 * class.
 */
@API(API.Status.EVOLVING)
public interface ConfigModule {
    /** The prefix of its keys after {@code anymq.}: 1 to 64 of a-z, 0-9 and -, first a letter. Always the same. */
    String prefix();

    /** Its options. Names may contain dots. */
    List<ConfigOption> options();

    /**
     * Checks what single options cannot say, such as two that contradict each other. Called only if every option is
     * legal.
     *
     * @return one sentence per mistake, empty when there is none
     */
    default List<String> validate(ConfigValues values) {
        return List.of();
    }
}
