package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;

/** Makes errors of a vendor's client read alike for every broker. */
@API(API.Status.EXPERIMENTAL)
public final class VendorErrors {
    private VendorErrors() {}

    /**
     * The failure of {@code action}, with its cause and what to do about it. It is retryable where the code says that
     * the broker may do it later, and after an interruption.
     *
     * <pre>{@code
     * throw VendorErrors.error("sending to orders", ErrorCode.FULL, failure, "make room on the broker's disk");
     * }</pre>
     *
     * @param action such as "sending to orders"
     * @param advice what to do, or empty
     */
    public static MessagingException error(String action, ErrorCode code, Throwable cause, String advice) {
        String text = cause.getMessage();
        String detail = text == null || text.isBlank() ? cause.getClass().getSimpleName() : Escape.forLog(text);
        return new MessagingException(
                code,
                action + " failed: " + detail + (advice.isEmpty() ? "" : "; " + advice),
                code == ErrorCode.UNAVAILABLE
                        || code == ErrorCode.TIMEOUT
                        || code == ErrorCode.FULL
                        || cause instanceof InterruptedException,
                cause);
    }
}
