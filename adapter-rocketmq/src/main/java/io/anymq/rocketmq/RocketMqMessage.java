package io.anymq.rocketmq;

import io.anymq.spi.Undecodable;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.LazyBody;
import io.anymq.spi.support.LogMessage;
import java.util.Map;
import java.util.Optional;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;

/** A message of a message queue; its properties are looked through at the first look at one of them. */
final class RocketMqMessage extends LogMessage {
    static final byte[] NO_BODY = EMPTY;

    private final MessageExt message;
    private final @Nullable LazyBody stored;

    /** A body that is compressed may have {@code largestBody} bytes when it is not. */
    RocketMqMessage(MessageExt message, RocketMqLane lane, int largestBody) {
        super(lane, message.getQueueOffset());
        this.message = message;
        this.stored = StoredBody.of(message, largestBody);
    }

    @Override
    public @Nullable Undecodable undecodable() {
        return stored == null ? null : stored.undecodable();
    }

    @Override
    public byte[] body() {
        if (stored != null) {
            return stored.bytes();
        }
        byte[] body = message.getBody();
        return body == null || message.getProperty(RocketMqTranslator.EMPTY_BODY) != null ? EMPTY : body;
    }

    @Override
    public int size() {
        byte[] body = message.getBody();
        return body == null ? 0 : body.length;
    }

    @Override
    public long deliverAtMillis() {
        String due = message.getProperty(WireHeaders.DELIVER_AT);
        return millis(due == null ? message.getProperty(MessageConst.PROPERTY_TIMER_DELIVER_MS) : due, 0);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(message) ? Optional.of(type.cast(message)) : Optional.empty();
    }

    @Override
    protected void decode() {
        sentAt(message.getBornTimestamp());
        String block = null;
        Map<String, String> properties = message.getProperties();
        if (properties == null) {
            return;
        }
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (property.getKey().equals(PropertyBlock.NAME)) {
                block = property.getValue();
            } else {
                take(property.getKey(), property.getValue());
            }
        }
        if (block != null) {
            // it knows better than the vendor's own properties
            PropertyBlock.decode(block).forEach(this::header);
        }
    }

    private void take(String name, String value) {
        switch (name) {
            case MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX -> id(value);
            case MessageConst.PROPERTY_SHARDING_KEY -> key(value);
            case WireHeaders.CONTENT_TYPE, WireHeaders.SENT_AT -> header(name, value);
            case WireHeaders.DELIVER_AT, RocketMqTranslator.EMPTY_BODY -> {
                // Read where it is needed.
            }
            default -> {
                if (!PropertyBlock.isReserved(name)) {
                    otherHeader(name, value);
                }
            }
        }
    }
}
