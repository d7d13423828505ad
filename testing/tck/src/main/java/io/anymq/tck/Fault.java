package io.anymq.tck;

/**
 * What a {@link BrokerHarness} may be able to break. The faults of the network concern clients at {@link
 * BrokerHarness#networkUrl()} alone; {@link io.anymq.tck.net.NetworkFaults} makes them.
 */
public enum Fault {
    /**
     * The broker is gone without a warning (its process is killed) until it is healed, which starts it again with what it
     * had stored, at the same address.
     */
    BROKER_DOWN,

    /** The broker is suspended: connections stay open and nothing answers until it is healed. */
    BROKER_FROZEN,

    /** A consumer can be killed; see {@link BrokerHarness#startCrashable}. Neither injected nor healed. */
    CONSUMER_CRASH,

    /** All present connections are reset at once, in the middle of what they carry. New ones work. */
    CONNECTION_RESET,

    /**
     * Nothing gets through either way, and nobody is told; new connections are silent, too. When it is healed, what was
     * sent meanwhile arrives late, as TCP would repeat it.
     */
    BLACKHOLE,

    /** What clients send arrives, but no answer comes back. When it is healed, the connections are reset. */
    ANSWERS_LOST,

    /**
     * The broker has lost all present connections without their clients being told: these stay open, take what is written
     * and never answer. New connections work.
     */
    HALF_OPEN,

    /**
     * Present connections carry only what clients send: what the broker answers or hands out on them is lost, and neither
     * side is told, so that the broker takes its clients for alive. New connections work both ways.
     */
    ONE_WAY,

    /** Everything arrives some ten milliseconds later, both ways. */
    LATENCY
}
