package io.anymq.jdbc;

import io.anymq.API;
import io.anymq.Destination;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of an outbox that the broker has refused. The messages of its key (with total order: of its destination)
 * wait behind it until it is sent or {@linkplain OutboxRelay#discard discarded}.
 *
 * @param row the number of its row
 * @param destination where it goes
 * @param messageId its id, at most 256 characters of it
 * @param key its key, at most 256 characters of it, or null
 * @param error the kind of the last refusal, a name of {@link io.anymq.ErrorCode}
 * @param detail what the refusal said, at most 512 characters of it
 * @param attempts how often it was refused
 * @param since when it was refused first, by the database's clock
 */
@API(API.Status.EXPERIMENTAL)
public record StoppedOrder(
        long row,
        Destination destination,
        String messageId,
        @Nullable String key,
        String error,
        String detail,
        int attempts,
        Instant since) {}
