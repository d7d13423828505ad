package io.anymq.spi;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@link BrokerReceiver#receive} and {@link BrokerReceiver#acknowledge} when the broker has ended the receiver
 * because a message was not settled within the time that the broker allows, as RabbitMQ does after {@code
 * consumer_timeout}. Attempts that have been running for that long count: not counted, a handler that always takes too
 * long would be repeated for ever. Others are taken back: the message may have waited for its turn. Every other exception
 * of a receiver, one with the code TIMEOUT included, spends no attempt.
 */
@API(API.Status.EVOLVING)
public final class HandlerTimeoutException extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;

    /**
     * Its code is TIMEOUT, and it is retryable: the engine opens a new receiver.
     *
     * @param limit how long the broker waits for a settlement; zero if that is unknown, and all running attempts count
     */
    public HandlerTimeoutException(String message, Duration limit, @Nullable Throwable cause) {
        super(ErrorCode.TIMEOUT, message, true, cause);
        this.limit = limit;
    }

    /** How long the broker waits for a settlement; zero if that is unknown. */
    public Duration limit() {
        return limit;
    }
}
