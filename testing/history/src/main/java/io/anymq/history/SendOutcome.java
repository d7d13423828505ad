package io.anymq.history;

/** The outcome of a send as its sender knows it. */
public enum SendOutcome {
    /** The broker has it. */
    CONFIRMED,
    /** The broker certainly does not have it. */
    REJECTED,
    /** The sender cannot know. */
    UNKNOWN
}
