package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;

/**
 * A message was sent to an {@link Outbox} outside a transaction. Such a message would be stored although the effect that
 * it tells of may not be; begin a transaction, and send in it. Its code is {@link ErrorCode#UNSUPPORTED}.
 */
@API(API.Status.EXPERIMENTAL)
public final class TransactionRequiredException extends MessagingException {
    private static final long serialVersionUID = 1L;

    TransactionRequiredException(String message) {
        super(ErrorCode.UNSUPPORTED, message);
    }
}
