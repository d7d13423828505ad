package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Lane;
import io.anymq.spi.support.LazyMessage;
import io.anymq.spi.support.VendorErrors;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.CommandTypes;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.util.ByteSequence;

/** A message that the broker gave out; its properties are read at the first look at one of them. */
final class ActiveMqMessage extends LazyMessage {
    /** The kinds that are neither bytes nor text have names of their own, or a consumer of text would read them. */
    private static final Map<Byte, String> CONTENT_TYPES = Map.of(
            CommandTypes.ACTIVEMQ_TEXT_MESSAGE, "text/plain; charset=utf-8",
            CommandTypes.ACTIVEMQ_MAP_MESSAGE, "application/x-jms-map-message",
            CommandTypes.ACTIVEMQ_STREAM_MESSAGE, "application/x-jms-stream-message",
            CommandTypes.ACTIVEMQ_OBJECT_MESSAGE, "application/x-java-serialized-object");

    private final MessageDispatch dispatch;
    private final Message message;
    private final QueueConsumer owner;
    private final long number;
    private final byte[] body;

    /** Set when the handler was called again: the first attempt did not kill the process. */
    private volatile boolean survived;

    ActiveMqMessage(MessageDispatch dispatch, QueueConsumer owner, long number) {
        this.dispatch = dispatch;
        this.message = dispatch.getMessage();
        this.owner = owner;
        this.number = number;
        this.body = bytes(message);
    }

    QueueConsumer owner() {
        return owner;
    }

    /** Its place in the order in which the broker gave them out. */
    long number() {
        return number;
    }

    MessageDispatch dispatch() {
        return dispatch;
    }

    boolean survivedItsFirstAttempt() {
        return survived;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public int deliveryCount() {
        return Math.max(0, dispatch.getRedeliveryCounter()) + 1;
    }

    @Override
    public Lane lane() {
        return owner.lane();
    }

    @Override
    public void attempts(int total) {
        if (total > deliveryCount()) {
            survived = true;
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(message) ? Optional.of(type.cast(message)) : Optional.empty();
    }

    /**
     * Never deserializes: bodies other than bytes and text are passed on in their raw form, which the decoder refuses.
     */
    private static byte[] bytes(Message message) {
        try {
            if (message instanceof ActiveMQTextMessage text) {
                String content = text.getText();
                return content == null ? EMPTY : content.getBytes(UTF_8);
            }
            if (message instanceof ActiveMQBytesMessage bytes && message.isCompressed()) {
                byte[] content = new byte[(int) bytes.getBodyLength()];
                bytes.reset();
                bytes.readBytes(content);
                bytes.reset();
                return content;
            }
            ByteSequence content = message.getContent();
            return content == null ? EMPTY : content.toArray();
        } catch (JMSException e) {
            throw unreadable(e);
        }
    }

    private static MessagingException unreadable(Exception failure) {
        String detail = VendorErrors.text(failure);
        return new MessagingException(ErrorCode.INTERNAL, "reading a message failed: " + detail, true, failure);
    }

    @Override
    protected void decode() {
        sentAt(message.getTimestamp());
        contentType(CONTENT_TYPES.getOrDefault(message.getDataStructureType(), ""));
        String group = message.getGroupID();
        if (group != null && !group.equals(KeyGroups.ALL)) {
            // A plain client's group is its key; AnyMQ's own groups come with the key beside them.
            key(group);
        }
        for (Map.Entry<String, Object> property : properties(message).entrySet()) {
            Object value = property.getValue();
            String text = value == null ? "" : value.toString();
            String name = property.getKey();
            if (name.startsWith(PropertyText.PREFIX)) {
                name = name.substring(PropertyText.PREFIX.length());
                text = PropertyText.plain(text);
            }
            if (HeaderNames.isOwn(name)) {
                header(name, text);
            } else if (!HeaderNames.isReserved(name)) {
                otherHeader(HeaderNames.plain(name), text);
            }
        }
    }

    @Override
    protected String derivedId() {
        return message.getMessageId().toString();
    }

    private static Map<String, Object> properties(Message message) {
        try {
            return message.getProperties();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
