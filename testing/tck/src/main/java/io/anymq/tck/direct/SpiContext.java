package io.anymq.tck.direct;

import io.anymq.spi.ConnectionContext;
import io.anymq.tck.wrap.DirectAdapter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The context that the engine passes to an adapter that connects: the options with the adapter's own defaults,
 * time-outs, the system's time, and a client name that begins with {@link #CLIENT_NAME} and occurs once, by which
 * threads can be told from those of other tests.
 *
 * <pre>{@code
 * KafkaConnection connection = KafkaConnection.open(SpiContext.of("kafka://localhost:9092", Map.of("partitions",
 * "4"))); }</pre>
 */
public final class SpiContext {
    /** The prefix of every client name. */
    public static final String CLIENT_NAME = "anymq-test-";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final AtomicInteger NAMES = new AtomicInteger();

    private SpiContext() {}

    /** With time-outs of 10 s; see the other method. */
    public static ConnectionContext of(String url, Map<String, String> options) {
        return of(url, options, TIMEOUT);
    }

    /**
     * A context for the adapter whose scheme the URL has, which must be on the class path.
     *
     * @param url the broker; parameters after {@code ?} are options, too
     * @param options the adapter's, without {@code anymq.<scheme>.} before their names; assumed to be legal
     * @param timeout for connecting and for each operation
     */
    public static ConnectionContext of(String url, Map<String, String> options, Duration timeout) {
        String prefix = "anymq." + url.substring(0, url.indexOf(':')) + ".";
        Map<String, String> settings = new HashMap<>();
        options.forEach((name, value) -> settings.put(prefix + name, value));
        return DirectAdapter.find(url, settings).context(CLIENT_NAME + CLIENTS.incrementAndGet(), timeout);
    }

    /** A unique name for a queue, topic or group that begins with {@code prefix}. */
    public static String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
    }
}
