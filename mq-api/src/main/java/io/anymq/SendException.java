package io.anymq;

import org.jspecify.annotations.Nullable;

/**
 * A send that did not end as confirmed. {@link #outcome()} says whether the message may be at the broker all the same.
 *
 * <pre>{@code
 * producer.send(order).exceptionally(failure -> {
 *     if (failure instanceof SendException send && send.outcome() == SendException.Outcome.REJECTED) { … }
 *     return null;
 * });
 * }</pre>
 */
public final class SendException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /** Whether the message is at the broker. */
    public enum Outcome {
        /** It is certainly not stored; sending it again makes no duplicate. */
        REJECTED,
        /** It may be stored: the confirm was lost. Sending it again with the same id may make a duplicate. */
        UNKNOWN
    }

    private final Outcome outcome;
    private final String messageId;

    /** A failed send of the message with this id. */
    public SendException(
            Outcome outcome,
            String messageId,
            ErrorCode code,
            String message,
            boolean retryable,
            @Nullable Throwable cause) {
        super(code, message, retryable, cause);
        this.outcome = outcome;
        this.messageId = messageId;
    }

    /** REJECTED (certainly not stored) or UNKNOWN (may be stored). */
    public Outcome outcome() {
        return outcome;
    }

    /** The id the message was given; use it again with {@link Message#withId} to send the same message once more. */
    public String messageId() {
        return messageId;
    }
}
