package io.anymq.spi;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@link BrokerReceiver#receive} and {@link BrokerReceiver#acknowledge} when the broker has ended the receiver
 * because a handler took longer than the broker allows, as RabbitMQ does after {@code consumer_timeout}. The attempts
 * that are running count: not counted, a handler that always takes too long would be repeated for ever. Every other
 * exception of a receiver, one with the code TIMEOUT included, spends no attempt.
 */
@API(API.Status.EVOLVING)
public final class HandlerTimeoutException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /** Its code is TIMEOUT, and it is retryable: the engine opens a new receiver. */
    public HandlerTimeoutException(String message, @Nullable Throwable cause) {
        super(ErrorCode.TIMEOUT, message, true, cause);
    }
}
