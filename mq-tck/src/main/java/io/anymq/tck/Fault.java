package io.anymq.tck;

/** What a {@link BrokerHarness} may be able to break. */
public enum Fault {
    /**
     * The broker is gone without a warning (its process is killed) until it is healed, which starts it again with what it
     * had stored, at the same address.
     */
    BROKER_DOWN,

    /** The broker is suspended: connections stay open and nothing answers until it is healed. */
    BROKER_FROZEN,

    /** A consumer can be killed; see {@link BrokerHarness#startCrashable}. Neither injected nor healed. */
    CONSUMER_CRASH
}
