package io.anymq.brokers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Options for starting a broker. Immutable; every {@code with} method returns a changed copy.
 *
 * <p>Settings that name a way or a URL win over system properties, and those win over environment variables.
 *
 * <pre>{@code
 * BrokerOptions options = BrokerOptions.defaults()
 *         .withVia(Via.PROCESS)
 *         .withDurability(Durability.POWER)
 *         .withSetting("message.max.bytes", "2097152");
 * }</pre>
 *
 * @param via forces one way; default: empty, try external, Testcontainers, process in this order
 * @param externalUrl a broker that runs already; default: empty, look at the settings
 * @param durability the failure that a confirmed message must survive; default {@link Durability#PROCESS}
 * @param tuning the JVM's set-up; default {@link Tuning#QUICK_START}
 * @param heapMegabytes the broker's maximum heap in MiB, from 64; default 256
 * @param startTimeout how long a start or restart may take, more than 0; default 90 s. Resolving the class path on
 *     the very first start is not included
 * @param advertised {@code host:port} that clients are told to use, for a proxy in front; default: empty, the broker
 *     itself
 * @param folder where the instance's own temporary folder is created; default: empty, the JVM's temporary folder
 * @param settings further broker settings; they win over the ones made here; default none
 * @param diskBytes the size of a file system that is the data folder's own, from 1 MiB; default: empty, the data shares
 *     the folder's
 */
public record BrokerOptions(
        Optional<Via> via,
        Optional<String> externalUrl,
        Durability durability,
        Tuning tuning,
        int heapMegabytes,
        Duration startTimeout,
        Optional<String> advertised,
        Optional<Path> folder,
        Map<String, String> settings,
        OptionalLong diskBytes) {

    private static final BrokerOptions DEFAULTS = new BrokerOptions(
            Optional.empty(),
            Optional.empty(),
            Durability.PROCESS,
            Tuning.QUICK_START,
            256,
            Duration.ofSeconds(90),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            OptionalLong.empty());

    /**
     * Checks the bounds.
     *
     * @throws LocalBrokerException if a value is out of its bounds
     */
    public BrokerOptions {
        if (heapMegabytes < 64) {
            throw new LocalBrokerException("heapMegabytes must be at least 64, but was " + heapMegabytes);
        }
        if (startTimeout.isNegative() || startTimeout.isZero()) {
            throw new LocalBrokerException("startTimeout must be more than 0, but was " + startTimeout);
        }
        diskBytes.ifPresent(bytes -> {
            if (bytes < 1 << 20) {
                throw new LocalBrokerException("diskBytes must be at least 1 MiB, but was " + bytes);
            }
        });
        advertised.ifPresent(address -> HostPorts.parse(address, "the advertised address"));
        settings = Map.copyOf(settings);
    }

    /**
     * The defaults.
     *
     * @return options with every default
     */
    public static BrokerOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Forces one way.
     *
     * @param value the way
     * @return a changed copy
     */
    public BrokerOptions withVia(Via value) {
        return new BrokerOptions(
                Optional.of(value),
                externalUrl,
                durability,
                tuning,
                heapMegabytes,
                startTimeout,
                advertised,
                folder,
                settings,
                diskBytes);
    }

    /**
     * Names a broker that runs already.
     *
     * @param value a URL such as {@code kafka://host:9092}
     * @return a changed copy
     */
    public BrokerOptions withExternalUrl(String value) {
        return new BrokerOptions(
                via,
                Optional.of(value),
                durability,
                tuning,
                heapMegabytes,
                startTimeout,
                advertised,
                folder,
                settings,
                diskBytes);
    }

    /**
     * Sets the failure that a confirmed message must survive.
     *
     * @param value the durability
     * @return a changed copy
     */
    public BrokerOptions withDurability(Durability value) {
        return new BrokerOptions(
                via, externalUrl, value, tuning, heapMegabytes, startTimeout, advertised, folder, settings, diskBytes);
    }

    /**
     * Sets the JVM's set-up.
     *
     * @param value the tuning
     * @return a changed copy
     */
    public BrokerOptions withTuning(Tuning value) {
        return new BrokerOptions(
                via,
                externalUrl,
                durability,
                value,
                heapMegabytes,
                startTimeout,
                advertised,
                folder,
                settings,
                diskBytes);
    }

    /**
     * Sets the broker's maximum heap.
     *
     * @param value MiB, from 64
     * @return a changed copy
     */
    public BrokerOptions withHeapMegabytes(int value) {
        return new BrokerOptions(
                via, externalUrl, durability, tuning, value, startTimeout, advertised, folder, settings, diskBytes);
    }

    /**
     * Sets how long a start or restart may take.
     *
     * @param value more than 0
     * @return a changed copy
     */
    public BrokerOptions withStartTimeout(Duration value) {
        return new BrokerOptions(
                via, externalUrl, durability, tuning, heapMegabytes, value, advertised, folder, settings, diskBytes);
    }

    /**
     * Sets the address that clients are told to use.
     *
     * @param value {@code host:port}
     * @return a changed copy
     */
    public BrokerOptions withAdvertised(String value) {
        return new BrokerOptions(
                via,
                externalUrl,
                durability,
                tuning,
                heapMegabytes,
                startTimeout,
                Optional.of(value),
                folder,
                settings,
                diskBytes);
    }

    /**
     * Sets where the instance's own temporary folder is created.
     *
     * @param value an existing folder
     * @return a changed copy
     */
    public BrokerOptions withFolder(Path value) {
        return new BrokerOptions(
                via,
                externalUrl,
                durability,
                tuning,
                heapMegabytes,
                startTimeout,
                advertised,
                Optional.of(value),
                settings,
                diskBytes);
    }

    /**
     * Adds one broker setting.
     *
     * @param key the broker's own name for it
     * @param value the value
     * @return a changed copy
     */
    public BrokerOptions withSetting(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(settings);
        changed.put(key, value);
        return new BrokerOptions(
                via,
                externalUrl,
                durability,
                tuning,
                heapMegabytes,
                startTimeout,
                advertised,
                folder,
                changed,
                diskBytes);
    }

    /**
     * Gives the data folder a file system of its own, to be filled through {@link LocalBroker#disk()}. It is in memory,
     * only the broker sees it, and it is there across a kill and a restart. Processes on Linux only: it takes {@code
     * unshare} and {@code nsenter}, and a kernel that lets this user have namespaces.
     *
     * @param value its size in bytes, from 1 MiB
     * @return a changed copy
     */
    public BrokerOptions withDiskBytes(long value) {
        return new BrokerOptions(
                via,
                externalUrl,
                durability,
                tuning,
                heapMegabytes,
                startTimeout,
                advertised,
                folder,
                settings,
                OptionalLong.of(value));
    }
}
