package io.anymq;

import org.jspecify.annotations.Nullable;

/**
 * The one kind of failure this API reports. The message says what to do; {@link #code()} says what it is; the vendor's
 * own exception is the {@linkplain #getCause() cause}. Never holds a payload or a secret.
 */
@API(API.Status.STABLE)
public class MessagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean retryable;

    /** A failure that trying again will not cure. */
    public MessagingException(ErrorCode code, String message) {
        this(code, message, false, null);
    }

    /**
     * A failure with everything known about it.
     *
     * @param retryable whether the same call may succeed later without a change
     * @param cause the vendor's exception, if there is one
     */
    public MessagingException(ErrorCode code, String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryable = retryable;
    }

    /** The kind of the error. */
    public ErrorCode code() {
        return code;
    }

    /** Whether the same call may succeed later without a change. */
    public boolean isRetryable() {
        return retryable;
    }
}
