package io.anymq.rocketmq.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;

/**
 * Reads what a broker answers to a pull, message by message. Bodies stay as they are stored; whether one can be
 * decompressed concerns its own message alone. The vendor's {@code decodesBatch} drops a message that it cannot read, and
 * all behind it.
 */
final class StoredMessages {
    private static final int SIZE_FIELD = Integer.BYTES;

    /** Up to where the fields are always at the same place. */
    private static final int LEAST = MessageDecoder.SYSFLAG_POSITION + Integer.BYTES;

    private StoredMessages() {}

    /**
     * All of them.
     *
     * @throws IllegalArgumentException if it is not told where one ends and the next begins
     */
    static List<MessageExt> read(byte[] bytes) {
        List<MessageExt> messages = new ArrayList<>();
        int position = 0;
        while (position < bytes.length) {
            int left = bytes.length - position;
            int size = left < SIZE_FIELD ? 0 : ByteBuffer.wrap(bytes).getInt(position);
            if (size < LEAST || size > left) {
                throw new IllegalArgumentException(
                        "the answer to a pull has " + left + " bytes left, but its next message claims " + size);
            }
            messages.add(read(bytes, position, size));
            position += size;
        }
        return messages;
    }

    private static MessageExt read(byte[] bytes, int position, int size) {
        MessageExt message =
                MessageDecoder.decode(ByteBuffer.wrap(bytes, position, size).slice(), true, false, false);
        return message == null ? new UnreadableMessage(bytes, position, size) : message;
    }
}
