package io.anymq.rocketmq;

import io.anymq.spi.Lane;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.LogMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageExt;
import org.jspecify.annotations.Nullable;

/** A message of a message queue; its properties are looked through at the first look at one of them. */
final class RocketMqMessage extends LogMessage {
    private static final byte[] EMPTY = new byte[0];

    private final MessageExt message;
    private final RocketMqLane lane;

    private boolean decoded;
    private String id = "";
    private @Nullable String key;
    private String contentType = "";
    private Map<String, String> headers = Map.of();
    private long sentAt;

    RocketMqMessage(MessageExt message, RocketMqLane lane, long number) {
        super(message.getQueueOffset(), number);
        this.message = message;
        this.lane = lane;
    }

    RocketMqLane owner() {
        return lane;
    }

    @Override
    public String id() {
        decode();
        return id;
    }

    @Override
    public @Nullable String key() {
        decode();
        return key;
    }

    @Override
    public byte[] body() {
        byte[] body = message.getBody();
        return body == null || message.getProperty(RocketMqTranslator.EMPTY_BODY) != null ? EMPTY : body;
    }

    @Override
    public String contentType() {
        decode();
        return contentType;
    }

    @Override
    public Map<String, String> headers() {
        decode();
        return headers;
    }

    @Override
    public long sentAtMillis() {
        decode();
        return sentAt;
    }

    @Override
    public long deliverAtMillis() {
        String due = message.getProperty(WireHeaders.DELIVER_AT);
        return millis(due == null ? message.getProperty(MessageConst.PROPERTY_TIMER_DELIVER_MS) : due, 0);
    }

    @Override
    public Lane lane() {
        return lane.lane();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(message) ? Optional.of(type.cast(message)) : Optional.empty();
    }

    private void decode() {
        if (decoded) {
            return;
        }
        decoded = true;
        sentAt = Math.max(0, message.getBornTimestamp());
        Map<String, String> others = new LinkedHashMap<>();
        for (Map.Entry<String, String> property : message.getProperties().entrySet()) {
            take(property.getKey(), property.getValue(), others);
        }
        headers = others.isEmpty() ? Map.of() : Collections.unmodifiableMap(others);
        if (id.isEmpty()) {
            id = message.getTopic() + "-" + lane.queue().getBrokerName() + "-" + message.getQueueId() + "@" + offset();
        }
    }

    private void take(String name, String value, Map<String, String> others) {
        switch (name) {
            case MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX -> id = id.isEmpty() ? value : id;
            case MessageConst.PROPERTY_SHARDING_KEY -> key = value;
            case WireHeaders.CONTENT_TYPE -> contentType = value;
            case WireHeaders.SENT_AT -> sentAt = millis(value, sentAt);
            case WireHeaders.DELIVER_AT, RocketMqTranslator.EMPTY_BODY -> {
                // Read where it is needed.
            }
            case PropertyBlock.NAME -> PropertyBlock.decode(value).forEach((odd, text) -> takeOdd(odd, text, others));
            default -> {
                if (!PropertyBlock.isReserved(name)) {
                    others.put(name, value);
                }
            }
        }
    }

    private void takeOdd(String name, String value, Map<String, String> others) {
        switch (name) {
            case WireHeaders.ID -> id = value;
            case WireHeaders.KEY -> key = value;
            case WireHeaders.CONTENT_TYPE -> contentType = value;
            default -> others.put(name, value);
        }
    }

    /** A foreign client may write anything under these names. */
    static long millis(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
