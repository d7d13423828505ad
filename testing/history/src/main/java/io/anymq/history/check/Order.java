package io.anymq.history.check;

/** The ordering of a source's destination. */
public enum Order {
    /** Nothing. */
    UNORDERED,
    /** Messages with the same key one after another; those without a key in no order. */
    PER_KEY,
    /** All messages one after another. */
    TOTAL
}
