package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A base for provisioners on a broker that has topics with partitions, and groups with offsets: creates and checks
 * topics, and writes where a new subscription starts. Thread-safe if the subclass is.
 *
 * @param <T> what the vendor says about a topic
 * @param <K> the vendor's name of a partition
 */
@API(API.Status.EXPERIMENTAL)
public abstract class LogProvisioner<T, K> {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final Duration operationTimeout;
    private final String broker;
    private final String partition;
    private final String group;

    /**
     * Each {@link #provision} takes at most {@code operationTimeout}; the words are for errors.
     *
     * @param broker such as "Kafka"
     * @param partition such as "partition"
     * @param group such as "consumer group"
     */
    protected LogProvisioner(Duration operationTimeout, String broker, String partition, String group) {
        this.operationTimeout = operationTimeout;
        this.broker = broker;
        this.partition = partition;
        this.group = group;
    }

    /** The name of the address's topic. */
    protected abstract String topic(Address address);

    /** The name of the group that receives from the address. */
    protected abstract String group(Address.OfSource address);

    /** Looks for the address's topic; null if there is none. */
    protected abstract @Nullable T find(Address address, Deadline deadline);

    /** Creates it, or finds that another client was quicker, and waits until it can be used. */
    protected abstract T create(Address address, Deadline deadline);

    /** The number of its partitions. */
    protected abstract int partitions(T topic);

    /**
     * Checks what else the adapter needs of a topic; nothing by default.
     *
     * @throws MessagingException MISMATCH
     */
    protected void requireUsable(Address address, T topic) {}

    /**
     * Compares the declaration of the address with what the broker keeps of earlier ones, and keeps it if there is none
     * and {@code mode} is CREATE; nothing by default.
     *
     * @throws MessagingException MISMATCH
     */
    protected void declare(Address address, T topic, ProvisionMode mode, Deadline deadline) {}

    /** Creates what the group needs before it can receive; nothing by default. */
    protected void createGroup(Address.OfSource address, T topic, Deadline deadline) {}

    /** Whether anything says where the group is. */
    protected abstract boolean hasOffsets(String group, T topic, Deadline deadline);

    /** The offset of each partition at which {@code start} begins now. */
    protected abstract Map<K, Long> offsets(T topic, StartPosition start, Deadline deadline);

    /** Stores where the group starts; nothing if it has consumers already. */
    protected abstract void store(String group, Map<K, Long> offsets, Deadline deadline);

    /** See {@link io.anymq.spi.BrokerConnection#provision}. */
    public final void provision(Address address, ProvisionMode mode) {
        if (mode == ProvisionMode.NONE) {
            return;
        }
        Deadline deadline = Deadline.after(operationTimeout);
        T topic = find(address, deadline);
        if (topic == null && mode == ProvisionMode.CREATE) {
            topic = create(address, deadline);
        }
        T found = checked(address, topic);
        declare(address, found, mode, deadline);
        if (address instanceof Address.OfSource source && mode == ProvisionMode.CREATE) {
            createGroup(source, found, deadline);
        }
        if (address instanceof Address.OfSubscription subscription) {
            start(subscription, found, mode, deadline);
        }
    }

    /**
     * The address's topic, if it can be used.
     *
     * @param found null if there is none
     * @throws MessagingException NOT_FOUND or MISMATCH
     */
    protected final T checked(Address address, @Nullable T found) {
        if (found == null) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND,
                    address + " does not exist; create the " + broker + " topic " + topic(address)
                            + ", or set anymq.provision=create");
        }
        int partitions = partitions(found);
        if (address.ordering() == Ordering.TOTAL && partitions != 1) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    address + " is declared with total order, which needs exactly one " + partition + ", but the "
                            + broker + " topic " + topic(address) + " has " + partitions
                            + "; declare per-key order, or use another name");
        }
        requireUsable(address, found);
        return found;
    }

    /**
     * The offsets are read before it is known whether the group has some already. So when two clients do this at the
     * same time, neither can write one behind a message that was confirmed after the other one had finished.
     */
    private void start(Address.OfSubscription address, T topic, ProvisionMode mode, Deadline deadline) {
        String name = group(address);
        Map<K, Long> offsets = mode == ProvisionMode.CREATE
                ? offsets(topic, address.subscription().start(), deadline)
                : Map.of();
        if (hasOffsets(name, topic, deadline)) {
            return;
        }
        if (mode == ProvisionMode.VALIDATE) {
            throw new MessagingException(
                    ErrorCode.NOT_FOUND,
                    address.subscription() + " does not exist because the " + broker + " " + group + " " + name
                            + " has no offsets; commit offsets for it, or set anymq.provision=create");
        }
        store(name, offsets, deadline);
    }

    /**
     * Looks until there is something to see.
     *
     * @param late the error text if there is nothing in time: what is missing, and what to do
     * @throws MessagingException TIMEOUT, retryable
     */
    public static <V> V await(Supplier<Optional<V>> look, Deadline deadline, String late) {
        while (true) {
            Optional<V> seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (deadline.passed()) {
                throw new MessagingException(ErrorCode.TIMEOUT, late, true, null);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
