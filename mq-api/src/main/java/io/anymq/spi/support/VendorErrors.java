package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes errors of a vendor's client read alike for every broker, and judges alike whether trying again may help. */
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
        return error(action, code, text(cause), advice, cause);
    }

    /**
     * Like {@link #error(String, ErrorCode, Throwable, String)}, with words for what went wrong.
     *
     * @param reason escaped, where it comes from outside; see {@link #text}
     * @param cause the vendor's exception, if there is one
     */
    public static MessagingException error(
            String action, ErrorCode code, String reason, String advice, @Nullable Throwable cause) {
        return error(code, action + " failed: " + reason + (advice.isEmpty() ? "" : "; " + advice), cause);
    }

    /** An error with just these words. */
    public static MessagingException error(ErrorCode code, String message, @Nullable Throwable cause) {
        boolean later = code == ErrorCode.UNAVAILABLE || code == ErrorCode.TIMEOUT || code == ErrorCode.FULL;
        return new MessagingException(code, message, later || cause instanceof InterruptedException, cause);
    }

    /**
     * For a sender that does not know how to store a message as it is told.
     *
     * @param form {@link io.anymq.spi.WireMessage#storedAs()}; what is behind an equals sign is not told, because it may
     *     come from the message
     */
    public static MessagingException unknownForm(String broker, String form) {
        int end = form.indexOf('=');
        String kind = Escape.forLog(end < 0 ? form : form.substring(0, end));
        return new MessagingException(
                ErrorCode.INVALID_MESSAGE,
                broker + " cannot store a message as '" + kind + "' again; it stays in the dead-letter queue");
    }

    /** Whether the exception or one of its causes is of one of these types. */
    public static boolean isCausedBy(Throwable failure, Class<?>... types) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            for (Class<?> type : types) {
                if (type.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Throwable next(Throwable failure) {
        return failure.getCause() == failure ? null : failure.getCause();
    }

    /** An exception in words, fit for an error's text: its message, or the name of its class if it has none. */
    public static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : Escape.forLog(message);
    }

    /** Like {@link #text}, of the exception that began it all. */
    public static String rootText(Throwable failure) {
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            deepest = cause;
        }
        return text(deepest);
    }

    /** The code of the first, among a failure and its causes, that is an instance of a class in the table, or null. */
    public static @Nullable ErrorCode code(Throwable failure, Map<Class<?>, ErrorCode> codes) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Map.Entry<Class<?>, ErrorCode> each : codes.entrySet()) {
                if (each.getKey().isInstance(cause)) {
                    return each.getValue();
                }
            }
        }
        return null;
    }
}
