package io.anymq.rocketmq;

import io.anymq.spi.InboundMessage;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;

/** The message of a received one that is stored again: its tags, keys and flag stay as its sender set them. */
final class RocketMqOriginal {
    /** What senders set. Other reserved properties belong to the broker, and to the copy that it stored. */
    private static final List<String> KEPT = List.of(
            MessageConst.PROPERTY_TAGS,
            MessageConst.PROPERTY_KEYS,
            MessageConst.PROPERTY_BUYER_ID,
            MessageConst.PROPERTY_CORRELATION_ID,
            MessageConst.PROPERTY_MESSAGE_REPLY_TO_CLIENT,
            MessageConst.PROPERTY_MESSAGE_TTL,
            MessageConst.PROPERTY_MESSAGE_TYPE,
            MessageConst.PROPERTY_TRACE_CONTEXT);

    private final @Nullable Message message;

    private RocketMqOriginal(@Nullable Message message) {
        this.message = message;
    }

    /** What there is to keep of {@code received}; nothing of null, which stands for a new message. */
    static RocketMqOriginal of(@Nullable InboundMessage received) {
        return new RocketMqOriginal(
                received == null ? null : received.unwrap(MessageExt.class).orElse(null));
    }

    void keep(Map<String, String> properties) {
        if (message == null) {
            return;
        }
        for (String name : KEPT) {
            String value = message.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        }
    }

    int flag() {
        return message == null ? 0 : message.getFlag();
    }
}
