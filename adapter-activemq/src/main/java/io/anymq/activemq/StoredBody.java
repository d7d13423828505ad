package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.MessagingException;
import io.anymq.spi.support.LazyBody;
import io.anymq.spi.support.VendorErrors;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.zip.InflaterInputStream;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.Message;
import org.apache.activemq.util.ByteSequence;
import org.apache.activemq.util.MarshallingSupport;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that are not as their sender wrote them: text, which travels with its length in Java's modified UTF-8, and what a
 * client with {@code jms.useCompression} has deflated. The broker looks into neither. A deflated body may be as large as
 * the largest message when it is inflated.
 */
final class StoredBody {
    private static final String TEXT = "text";
    private static final String BYTES = "bytes";
    private static final String DEFLATED = "+deflate";

    /** What a text that is null has for its length. */
    private static final int NULL = -1;

    private static final int LENGTH_FIELD = Integer.BYTES;

    private StoredBody() {}

    /** The body of a text, or of bytes that are compressed or say so; null of all others. */
    static @Nullable LazyBody of(Message message, int largestBody) {
        boolean deflated = message.isCompressed();
        byte[] stored = stored(message);
        if (message instanceof ActiveMQTextMessage) {
            return new LazyBody(stored, deflated ? TEXT + DEFLATED : TEXT, bytes -> text(bytes, deflated, largestBody));
        }
        if (message instanceof ActiveMQBytesMessage && deflated) {
            return new LazyBody(stored, BYTES + DEFLATED, bytes -> inflated(bytes, largestBody));
        }
        return null;
    }

    /** The bytes that travelled. */
    static byte[] stored(Message message) {
        ByteSequence content = message.getContent();
        return content == null ? ActiveMqMessage.NO_BODY : content.toArray();
    }

    private static byte[] text(byte[] stored, boolean deflated, int largestBody) throws IOException {
        if (stored.length == 0) {
            return stored;
        }
        byte[] plain = deflated ? inflatedText(stored, largestBody) : stored;
        int length = length(plain);
        if (length == NULL) {
            return ActiveMqMessage.NO_BODY;
        }
        requireLength(length, plain.length - LENGTH_FIELD);
        String text = MarshallingSupport.readUTF8(new DataInputStream(new ByteArrayInputStream(plain)));
        // refuses half of a surrogate pair, which getBytes would replace
        ByteBuffer utf8 = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] body = new byte[utf8.remaining()];
        utf8.get(body);
        return body;
    }

    /** With its length, which is deflated as well. */
    private static byte[] inflatedText(byte[] stored, int largestBody) throws IOException {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(stored))) {
            byte[] field = in.readNBytes(LENGTH_FIELD);
            int length = length(field);
            if (length < 0) {
                return field;
            }
            byte[] text = claimed(in, length, largestBody);
            return ByteBuffer.allocate(LENGTH_FIELD + length)
                    .put(field)
                    .put(text)
                    .array();
        }
    }

    private static byte[] inflated(byte[] stored, int largestBody) throws IOException {
        int length = length(stored);
        if (length < 0) {
            throw new IOException("the body claims " + length + " bytes");
        }
        InputStream deflated = new ByteArrayInputStream(stored, LENGTH_FIELD, stored.length - LENGTH_FIELD);
        try (InputStream in = new InflaterInputStream(deflated)) {
            return claimed(in, length, largestBody);
        }
    }

    /**
     * As many bytes as the message claims, and nothing behind them, as the vendor's client reads it: Artemis does not end
     * what it deflates, and some clients deflate all of a buffer. No more is allocated than there is.
     */
    private static byte[] claimed(InputStream in, int length, int largestBody) throws IOException {
        if (length > largestBody) {
            throw new IOException("the decoded body must not exceed " + largestBody + " bytes, but claims " + length);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body claims " + length + " bytes, but has " + body.length);
        }
        return body;
    }

    private static int length(byte[] stored) throws IOException {
        if (stored.length < LENGTH_FIELD) {
            throw new EOFException("the body has no length");
        }
        return ByteBuffer.wrap(stored).getInt();
    }

    private static void requireLength(int claimed, int there) throws IOException {
        if (claimed < 0 || claimed > there) {
            throw new EOFException("the body claims " + claimed + " bytes, but has " + there);
        }
    }

    /**
     * A message with a body and with the type and flags of one that could not be decoded; bytes for an ordinary one.
     *
     * @throws MessagingException INVALID_MESSAGE
     */
    static ActiveMQMessage message(String storedAs, byte[] body) {
        ActiveMQMessage message =
                switch (storedAs) {
                    case TEXT, TEXT + DEFLATED -> new ActiveMQTextMessage();
                    case "", BYTES + DEFLATED -> new ActiveMQBytesMessage();
                    default -> throw VendorErrors.unknownForm("ActiveMQ", storedAs);
                };
        message.setCompressed(storedAs.endsWith(DEFLATED));
        if (body.length > 0) {
            message.setContent(new ByteSequence(body));
        }
        return message;
    }
}
