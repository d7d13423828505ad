package io.anymq.activemq;

import io.anymq.policy.Ordering;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.WireMessage;
import java.io.IOException;
import java.util.Map;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQObjectMessage;
import org.apache.activemq.command.ActiveMQStreamMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.CommandTypes;
import org.apache.activemq.command.Message;
import org.apache.activemq.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * The JMS message of a received one that is stored again: it stays a text, map, stream or object message, properties
 * keep their types, and what AnyMQ has no name for stays as its sender wrote it.
 */
final class ActiveMqOriginal {
    private final @Nullable Message message;
    private final boolean undecodable;
    private final Map<String, Object> properties;

    private ActiveMqOriginal(@Nullable Message message, boolean undecodable, Map<String, Object> properties) {
        this.message = message;
        this.undecodable = undecodable;
        this.properties = properties;
    }

    /** What there is to keep of {@code received}; nothing of null, which stands for a new message. */
    static ActiveMqOriginal of(@Nullable InboundMessage received) {
        Message message =
                received == null ? null : received.unwrap(Message.class).orElse(null);
        if (received == null || message == null) {
            return new ActiveMqOriginal(null, false, Map.of());
        }
        return new ActiveMqOriginal(message, received.undecodable() != null, properties(message));
    }

    private static Map<String, Object> properties(Message message) {
        try {
            return message.getProperties();
        } catch (IOException | RuntimeException | Error e) {
            // they cannot be read, which the dead letter says
            return Map.of();
        }
    }

    /** A message with the type and the body of the original, or with those that {@code outgoing} asks for. */
    ActiveMQMessage withBody(WireMessage outgoing) {
        ActiveMQMessage out = undecodable || !outgoing.storedAs().isEmpty() ? null : empty();
        if (out == null || message == null) {
            return StoredBody.message(outgoing.storedAs(), outgoing.body());
        }
        out.setCompressed(message.isCompressed());
        byte[] stored = StoredBody.stored(message);
        if (stored.length > 0) {
            out.setContent(new ByteSequence(stored));
        }
        return out;
    }

    private @Nullable ActiveMQMessage empty() {
        return switch (message == null ? 0 : message.getDataStructureType()) {
            case CommandTypes.ACTIVEMQ_TEXT_MESSAGE -> new ActiveMQTextMessage();
            case CommandTypes.ACTIVEMQ_MAP_MESSAGE -> new ActiveMQMapMessage();
            case CommandTypes.ACTIVEMQ_STREAM_MESSAGE -> new ActiveMQStreamMessage();
            case CommandTypes.ACTIVEMQ_OBJECT_MESSAGE -> new ActiveMQObjectMessage();
            case CommandTypes.ACTIVEMQ_MESSAGE -> new ActiveMQMessage();
            default -> null;
        };
    }

    /**
     * Puts it where the order of its key is kept. A foreign message whose group is its key stays in that group, with the
     * others of the key that the same program sends. Where there is one order for all, there is one group for all.
     */
    void group(ActiveMQMessage out, Ordering ordering, @Nullable String key) throws IOException {
        if (message != null && ordering != Ordering.TOTAL && isForeignGroup(message)) {
            out.setGroupID(message.getGroupID());
            out.setGroupSequence(message.getGroupSequence());
            return;
        }
        if (key != null) {
            put(out, WireHeaders.KEY, key);
        }
        String group = KeyGroups.group(ordering, key);
        if (group != null) {
            out.setGroupID(group);
        }
    }

    private boolean isForeignGroup(Message original) {
        return original.getGroupID() != null
                && !original.getGroupID().equals(KeyGroups.ALL)
                && !properties.containsKey(WireHeaders.KEY)
                && !properties.containsKey(PropertyText.PREFIX + WireHeaders.KEY);
    }

    /** Sets what AnyMQ has no name for. The expiration becomes a property: what was put aside must not vanish. */
    void keep(ActiveMQMessage out) throws IOException {
        if (message == null) {
            out.setPriority((byte) jakarta.jms.Message.DEFAULT_PRIORITY);
            return;
        }
        out.setType(message.getType());
        out.setCorrelationId(message.getCorrelationId());
        out.setReplyTo(message.getReplyTo());
        out.setPriority(message.getPriority());
        if (message.getExpiration() > 0) {
            out.setProperty(WireHeaders.EXPIRATION, Long.toString(message.getExpiration()));
        } else if (properties.containsKey(WireHeaders.EXPIRATION)) {
            out.setProperty(WireHeaders.EXPIRATION, PropertyText.of(properties.get(WireHeaders.EXPIRATION)));
        }
    }

    /** Sets a property: with the type that it had if it still says {@code text}, else as text. */
    void put(ActiveMQMessage out, String name, String text) throws IOException {
        if (properties.containsKey(name)) {
            Object value = properties.get(name);
            if (PropertyText.of(value).equals(text) && !PropertyText.hasHalfASurrogatePair(text)) {
                out.setProperty(name, PropertyText.isText(value) ? text : value);
                return;
            }
        }
        if (PropertyText.isSafe(text)) {
            out.setProperty(name, text);
        } else {
            out.setProperty(PropertyText.PREFIX + name, PropertyText.escaped(text));
        }
    }
}
