package io.anymq.tck.net;

import io.anymq.tck.Fault;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the kit's network faults with the proxies that stand before one broker. A harness hands {@code inject} and
 * {@code heal} on to it. Thread-safe.
 *
 * <pre>{@code
 * public void inject(Fault fault) throws Exception {
 *     if (NetworkFaults.ALL.contains(fault)) {
 *         network.inject(fault);
 *     } …
 * }
 * }</pre>
 */
public final class NetworkFaults {
    /** The supported faults. */
    public static final Set<Fault> ALL = Collections.unmodifiableSet(EnumSet.of(
            Fault.CONNECTION_RESET,
            Fault.BLACKHOLE,
            Fault.ANSWERS_LOST,
            Fault.HALF_OPEN,
            Fault.ONE_WAY,
            Fault.LATENCY));

    /** Of each direction under {@link Fault#LATENCY}; a round trip takes twice as long. */
    public static final Duration LATENCY = Duration.ofMillis(40);

    private final List<TcpProxy> proxies;

    /** All the proxies through which clients reach the broker. */
    public NetworkFaults(TcpProxy... proxies) {
        this.proxies = List.of(proxies);
    }

    /** Breaks the network. */
    public void inject(Fault fault) {
        for (TcpProxy proxy : proxies) {
            switch (fault) {
                case CONNECTION_RESET -> proxy.reset();
                case ANSWERS_LOST -> proxy.discard(Direction.TO_CLIENT);
                case HALF_OPEN -> proxy.halfOpen(Direction.TO_BROKER);
                case ONE_WAY -> proxy.silence(Direction.TO_CLIENT);
                case BLACKHOLE -> {
                    for (Direction direction : Direction.values()) {
                        proxy.hold(direction);
                    }
                }
                case LATENCY -> {
                    for (Direction direction : Direction.values()) {
                        proxy.delay(direction, LATENCY);
                    }
                }
                default -> throw new IllegalArgumentException(fault + " is not a network fault");
            }
        }
    }

    /** Repairs it. */
    public void heal() {
        proxies.forEach(TcpProxy::restore);
    }
}
