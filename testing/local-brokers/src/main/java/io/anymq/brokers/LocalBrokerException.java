package io.anymq.brokers;

import org.jspecify.annotations.Nullable;

/** A broker or a child process could not be started or controlled; the message says what to do. */
public class LocalBrokerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error of its own.
     *
     * @param message what went wrong and what to do
     */
    public LocalBrokerException(String message) {
        super(message);
    }

    /**
     * An error with a cause.
     *
     * @param message what went wrong and what to do
     * @param cause the cause, may be null
     */
    public LocalBrokerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
