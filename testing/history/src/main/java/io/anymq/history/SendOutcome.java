package io.anymq.history;

/** How a send ended for the one who made it. */
public enum SendOutcome {
    /** The broker has it. */
    CONFIRMED,
    /** The broker certainly does not have it. */
    REJECTED,
    /** Nobody can say. */
    UNKNOWN
}
