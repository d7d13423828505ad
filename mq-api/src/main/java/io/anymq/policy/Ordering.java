package io.anymq.policy;

import io.anymq.API;

/**
 * The order in which the messages of a destination are handled, compared with the order of their confirms. It belongs
 * to the destination, because producers and consumers must agree on it.
 */
@API(API.Status.STABLE)
public enum Ordering {
    /** No order: every message may be handled beside every other one. Scales furthest. */
    UNORDERED,

    /**
     * Messages with the same key are handled one after another, in the order one producer's sends were confirmed;
     * different keys run side by side. Messages without a key have no order. The default.
     */
    PER_KEY,

    /** All messages are handled one after another by one consumer at a time. Does not scale; rarely needed. */
    TOTAL
}
