package io.anymq.tck;

/** Where a {@link CrashableConsumer} stops and waits to be killed. */
public enum CrashPoint {
    /** The message was received and its attempt announced to the adapter; the handler was not called. */
    BEFORE_HANDLER,

    /** The handler was called and does not return. */
    IN_HANDLER,

    /** The handler has returned; the adapter has not been told to settle the message. */
    AFTER_HANDLER,

    /** The broker has confirmed the dead letter; the adapter has not been told to settle the message. */
    AFTER_DEAD_LETTER,

    /**
     * The adapter has been told to commit the message with its outputs, and is doing so: the consumer reports it and
     * goes on, because an adapter cannot be stopped between its steps.
     */
    IN_COMMIT,

    /** The idempotency store has the message as done; the adapter has not been told to settle it. */
    AFTER_COMPLETION
}
