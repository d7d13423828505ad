package io.anymq.rocketmq.protocol;

import java.nio.ByteBuffer;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;

/** A stored message whose own fields do not fit together. Its body is all of it, as the broker has sent it. */
public final class UnreadableMessage extends MessageExt {
    private static final long serialVersionUID = 1L;
    private static final int QUEUE_ID_POSITION = 12;

    UnreadableMessage(byte[] bytes, int position, int size) {
        ByteBuffer frame = ByteBuffer.wrap(bytes, position, size).slice();
        byte[] body = new byte[size];
        frame.duplicate().get(body);
        setStoreSize(size);
        setQueueId(frame.getInt(QUEUE_ID_POSITION));
        setQueueOffset(frame.getLong(MessageDecoder.QUEUE_OFFSET_POSITION));
        setSysFlag(frame.getInt(MessageDecoder.SYSFLAG_POSITION));
        setBody(body);
    }
}
