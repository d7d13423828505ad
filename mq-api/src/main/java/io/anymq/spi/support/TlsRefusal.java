package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Describes a failed TLS handshake, in the same words for every broker. */
@API(API.Status.EXPERIMENTAL)
public final class TlsRefusal {
    private TlsRefusal() {}

    /**
     * The error to throw if TLS is the reason of a failure.
     *
     * @param action the failed action, such as "connecting to rabbit:5671"
     * @param options the prefix of the adapter's options, such as "anymq.rabbitmq."
     * @param failure the client library's exception
     * @return AUTHENTICATION, not retryable, or empty if TLS is not the reason, or if the peer died or fell silent in
     *     mid-handshake
     */
    public static Optional<MessagingException> of(String action, String options, Throwable failure) {
        Throwable refusal = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isNetwork(cause)) {
                return Optional.empty();
            }
            if (refusal == null && cause instanceof SSLException) {
                refusal = cause;
            }
        }
        return Optional.ofNullable(refusal)
                .map(reason -> new MessagingException(
                        ErrorCode.AUTHENTICATION,
                        action + " failed: the TLS handshake was refused (" + reason.getMessage() + "); check"
                                + " the port, "
                                + options + "trust-store and the name in the server's certificate, and " + options
                                + "key-store if the server requires a client certificate",
                        false,
                        failure));
    }

    /** A peer that hangs up or falls silent in mid-handshake has refused nothing: the next one may succeed. */
    private static boolean isNetwork(Throwable cause) {
        return cause instanceof SocketException
                || cause instanceof EOFException
                || cause instanceof InterruptedIOException;
    }
}
