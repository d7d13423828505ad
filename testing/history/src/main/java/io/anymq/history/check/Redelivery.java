package io.anymq.history.check;

/** When a message that was handled may be handled again. */
public enum Redelivery {
    /** Never: nothing is broken in this run. */
    NEVER,
    /** When a fault, a crash or an unclean close came between. The default. */
    AFTER_DISRUPTION,
    /** Always: for brokers that repeat without a reason that the history could know. */
    ANY_TIME
}
