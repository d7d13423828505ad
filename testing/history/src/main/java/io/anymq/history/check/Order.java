package io.anymq.history.check;

/** What a source's destination promises about order. */
public enum Order {
    /** Nothing. */
    UNORDERED,
    /** Messages with the same key one after another; those without a key in no order. */
    PER_KEY,
    /** All messages one after another. */
    TOTAL
}
