package io.anymq.jdbc;

import io.anymq.Destination;
import io.anymq.Message;
import java.io.IOException;
import java.time.Duration;

/**
 * A row that a relay has read.
 *
 * @param attempts how often it was refused so far
 */
@SuppressWarnings("ArrayRecordComponent") // never compared or hashed
record RelayRow(
        long seq,
        byte[] order,
        Destination destination,
        String contentType,
        byte[] envelope,
        byte[] body,
        long delayMillis,
        int attempts) {
    /** Throws {@link IOException} if the row is not one that {@link Outbox} has written. */
    Message<byte[]> message() throws IOException {
        Envelope read = Envelope.of(envelope);
        Message<byte[]> message = Message.of(body)
                .withId(read.id())
                .withHeaders(read.headers())
                .withContentType(contentType)
                .withDelay(Duration.ofMillis(delayMillis));
        String key = read.key();
        return key == null ? message : message.withKey(key);
    }
}
