package io.anymq.tck;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that the kit needs to know about one broker; the only interface an adapter author implements. One instance serves
 * one run. Every method may be called from several threads at once, except {@link #inject}, {@link #heal} and {@link
 * #close}, which are called while no other rule runs.
 *
 * <p>Only the first three methods are required. A feature that a harness does not offer is reported as a skipped rule
 * with its reason, never as a passed one.
 */
public interface BrokerHarness extends AutoCloseable {
    /** The adapter's short name, which names its report, such as {@code kafka}. */
    String name();

    /** The value of {@code anymq.url}. The broker behind it must already answer. */
    String url();

    /**
     * The value of {@code anymq.url} for rules that break the network: the same broker by way of a {@link
     * io.anymq.tck.net.TcpProxy}, also after clients have read the broker's metadata. The default is {@link #url()}.
     */
    default String networkUrl() {
        return url();
    }

    /** The vendor's own client at the same broker, past any proxy. */
    PlainClient plain();

    /** Further configuration keys, such as {@code anymq.kafka.partitions}; none by default. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /**
     * Further keys with which a client notices within about half of {@link #patience()} that its broker has fallen
     * silent, such as a short heartbeat; none by default. For {@link Fault#HALF_OPEN} and {@link Fault#ONE_WAY} alone:
     * with so little tolerance a busy machine would pass for a dead broker elsewhere.
     */
    default Map<String, String> livenessSettings() {
        return Map.of();
    }

    /** The faults that can be injected; none by default. */
    default Set<Fault> faults() {
        return Set.of();
    }

    /** Breaks something and returns when it is broken. */
    default void inject(Fault fault) throws Exception {
        throw new UnsupportedOperationException(name() + " cannot inject " + fault);
    }

    /**
     * Repairs it and returns when the broker answers again. Called once after each {@link #inject}, whatever happened.
     */
    default void heal(Fault fault) throws Exception {
        throw new UnsupportedOperationException(name() + " cannot heal " + fault);
    }

    /**
     * Starts a consumer that can be killed without any chance to clean up, for {@link Fault#CONSUMER_CRASH}. By default
     * that is a Java process of its own with this JVM's class path, which {@link CrashableConsumer#crash()} kills. An
     * embedded broker, which no other process can reach, breaks the consumer's connection permanently instead.
     */
    default CrashableConsumer startCrashable(CrashSpec spec) throws Exception {
        return ChildProcessConsumer.start(spec);
    }

    /** The time a rule waits for something that must happen; default 20 s. */
    default Duration patience() {
        return Duration.ofSeconds(20);
    }

    /**
     * The number of rules that run side by side, 1 to 16; default 4. Rules that break or measure something run alone.
     */
    default int parallelism() {
        return 4;
    }

    /** How to store what no client can decode; none by default, for a broker that takes no such message. */
    default Optional<MalformedMessages> malformed() {
        return Optional.empty();
    }

    /** Messages as other programs write them; none by default, which skips the rule on them. */
    default Optional<ForeignMessages> foreign() {
        return Optional.empty();
    }

    /**
     * The vendor's own types that {@code unwrap} gives, as the adapter documents them; none by default, which leaves
     * CAP-7 with types that it must not give.
     */
    default Map<NativeType, Class<?>> nativeTypes() {
        return Map.of();
    }

    /**
     * Names of headers or properties that mean something to this broker or to its client, such as one by which it
     * recognizes duplicates; none by default. LIM-13 sends headers of these names beside those of brokers it knows.
     */
    default Set<String> reservedHeaders() {
        return Set.of();
    }

    /** Stops everything that the harness started. */
    @Override
    default void close() {}
}
