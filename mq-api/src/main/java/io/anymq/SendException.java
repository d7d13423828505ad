package io.anymq;

/**
 * A send that did not end as confirmed. {@link #outcome()} says whether the broker may nevertheless have the message.
 * Made by the engine; the factories are public so that tests of applications can make their own.
 *
 * <pre>{@code
 * producer.send(order).exceptionally(failure -> {
 *     if (failure instanceof SendException send && send.outcome() == SendException.Outcome.REJECTED) { … }
 *     return null;
 * });
 * }</pre>
 */
@API(API.Status.STABLE)
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

    private SendException(Outcome outcome, String messageId, MessagingException error) {
        super(
                error.code(),
                error.getMessage() == null ? error.code().toString() : error.getMessage(),
                error.isRetryable(),
                error.getCause() == null ? error : error.getCause());
        this.outcome = outcome;
        this.messageId = messageId;
    }

    /** The message with this id is certainly not stored, because of {@code error}. */
    public static SendException rejected(String messageId, MessagingException error) {
        return new SendException(Outcome.REJECTED, messageId, error);
    }

    /** The message with this id may be stored; {@code error} says why that is not known. */
    public static SendException unknown(String messageId, MessagingException error) {
        return new SendException(Outcome.UNKNOWN, messageId, error);
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
