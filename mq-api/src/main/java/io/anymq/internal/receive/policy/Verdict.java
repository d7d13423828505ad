package io.anymq.internal.receive.policy;

/** The result of handling one message, which decides how it is settled. */
public enum Verdict {
    /** Handled, and its outputs confirmed. */
    HANDLED,
    /** Recognized as handled before. */
    DUPLICATE,
    /** Confirmed at the dead-letter queue. */
    DEAD,
    /** Given up and dropped, as the policy says. */
    DISCARDED,
    /** Confirmed at its redelivery address, from where it comes again. */
    FORWARDED,
    /** Not done: the broker gives it out again. */
    RELEASED;

    public boolean settles() {
        return this != RELEASED;
    }
}
