package io.anymq.brokers;

import org.jspecify.annotations.Nullable;

/** No way to get this kind of broker is open here; the message lists each way with the reason against it. */
public final class BrokerUnavailableException extends LocalBrokerException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with a cause.
     *
     * @param message the ways and the reasons
     * @param cause the cause, may be null
     */
    public BrokerUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
