package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Lane;
import io.anymq.spi.Undecodable;
import io.anymq.spi.support.LazyBody;
import io.anymq.spi.support.LazyMessage;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.command.CommandTypes;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/** A message that the broker gave out; its properties are read at the first look at one of them. */
final class ActiveMqMessage extends LazyMessage {
    /** The kinds that are neither bytes nor text have names of their own, or a consumer of text would read them. */
    private static final Map<Byte, String> CONTENT_TYPES = Map.of(
            CommandTypes.ACTIVEMQ_TEXT_MESSAGE, "text/plain; charset=utf-8",
            CommandTypes.ACTIVEMQ_MAP_MESSAGE, "application/x-jms-map-message",
            CommandTypes.ACTIVEMQ_STREAM_MESSAGE, "application/x-jms-stream-message",
            CommandTypes.ACTIVEMQ_OBJECT_MESSAGE, "application/x-java-serialized-object");

    static final byte[] NO_BODY = EMPTY;

    /** No sender can store such a message again: what it would add would be as unreadable. */
    private static final String UNREADABLE_PROPERTIES = "properties";

    /** Of the unreadable properties, what a dead letter keeps. */
    private static final int MOST_PROPERTY_BYTES = 8 * 1024;

    private final MessageDispatch dispatch;
    private final Message message;
    private final QueueConsumer owner;
    private final long number;
    private final int attemptsBefore;
    private final @Nullable LazyBody stored;

    /** Why the properties cannot be read, or null. */
    private @Nullable MessagingException unreadable;

    private volatile int attempts;

    /** Set when the handler was called again: the first attempt did not kill the process. */
    private volatile boolean survived;

    /** A body that is compressed may have {@code largestBody} bytes when it is not. */
    ActiveMqMessage(MessageDispatch dispatch, QueueConsumer owner, long number, int attemptsBefore, int largestBody) {
        this.dispatch = dispatch;
        this.message = dispatch.getMessage();
        this.owner = owner;
        this.number = number;
        this.attemptsBefore = attemptsBefore;
        this.attempts = attemptsBefore;
        this.stored = StoredBody.of(message, largestBody);
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

    /** Made before this delivery. */
    int attemptsBefore() {
        return attemptsBefore;
    }

    /** Made in all. */
    int attempts() {
        return attempts;
    }

    boolean survivedItsFirstAttempt() {
        return survived;
    }

    /**
     * Never deserializes: bodies other than bytes and text are passed on in their raw form, which the decoder refuses.
     */
    @Override
    public byte[] body() {
        return stored == null ? StoredBody.stored(message) : stored.bytes();
    }

    @Override
    public int size() {
        return message.getSize();
    }

    @Override
    public @Nullable Undecodable undecodable() {
        // the properties are read by now, or at this look at one of them
        headers();
        MessagingException why = unreadable;
        if (why != null) {
            return new Undecodable(unreadableProperties(), why);
        }
        return stored == null ? null : stored.undecodable();
    }

    @Override
    public int deliveryCount() {
        return attemptsBefore + 1;
    }

    @Override
    public long storedAtMillis() {
        return message.getBrokerInTime();
    }

    @Override
    public long expiresAtMillis() {
        return message.getExpiration();
    }

    @Override
    public Lane lane() {
        return owner.lane();
    }

    @Override
    public void attempts(int total) {
        attempts = total;
        if (total > deliveryCount()) {
            survived = true;
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(message) ? Optional.of(type.cast(message)) : Optional.empty();
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
        for (Map.Entry<String, Object> property : properties().entrySet()) {
            String text = PropertyText.of(property.getValue());
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

    private String unreadableProperties() {
        ByteSequence bytes = message.getMarshalledProperties();
        return bytes == null || bytes.getLength() > MOST_PROPERTY_BYTES
                ? UNREADABLE_PROPERTIES
                : UNREADABLE_PROPERTIES + "=" + Base64.getEncoder().encodeToString(bytes.toArray());
    }

    /** None if they cannot be read: their message is put aside, and no other is disturbed. */
    private Map<String, Object> properties() {
        try {
            return message.getProperties();
        } catch (IOException | RuntimeException | Error e) {
            unreadable = new MessagingException(
                    ErrorCode.DECODING, "the stored properties cannot be decoded: " + VendorErrors.text(e), false, e);
            return Map.of();
        }
    }
}
