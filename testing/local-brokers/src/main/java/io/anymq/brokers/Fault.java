package io.anymq.brokers;

/** The faults that a broker may allow to be injected; see {@link LocalBroker#faults()}. */
public enum Fault {
    /** Sudden death of the process, as by SIGKILL. */
    KILL,
    /** A process that exists but does not run, as by SIGSTOP, until it is resumed. */
    SUSPEND,
    /** Coming back with the same data under the same address. */
    RESTART
}
