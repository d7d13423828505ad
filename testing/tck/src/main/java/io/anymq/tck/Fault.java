package io.anymq.tck;

/**
 * The faults that a {@link BrokerHarness} may be able to inject. The faults of the network concern clients at {@link
 * BrokerHarness#networkUrl()} alone; {@link io.anymq.tck.net.NetworkFaults} makes them.
 */
public enum Fault {
    /**
     * The broker is gone without a warning (its process is killed) until it is healed, which starts it again with what
     * it had stored, at the same address.
     */
    BROKER_DOWN,

    /** The broker is suspended: connections stay open and nothing answers until it is healed. */
    BROKER_FROZEN,

    /** A consumer can be killed; see {@link BrokerHarness#startCrashable}. Neither injected nor healed. */
    CONSUMER_CRASH,

    /** All present connections are reset at once, in mid-stream. New ones work. */
    CONNECTION_RESET,

    /**
     * Nothing gets through either way, without any notice; new connections are silent, too. When it is healed, what was
     * sent meanwhile arrives late, as TCP would repeat it.
     */
    BLACKHOLE,

    /** Requests arrive, but no answer comes back. When it is healed, the connections are reset. */
    ANSWERS_LOST,

    /**
     * The broker has lost all present connections without notice to their clients: these stay open, accept data that is
     * written and never answer. New connections work.
     */
    HALF_OPEN,

    /**
     * Present connections carry only data from clients: the broker's answers and deliveries on them are lost, and
     * neither side is told, so that the broker takes its clients for alive. New connections work both ways.
     */
    ONE_WAY,

    /** Everything arrives some ten milliseconds later, both ways. */
    LATENCY
}
