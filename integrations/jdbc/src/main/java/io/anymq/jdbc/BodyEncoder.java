package io.anymq.jdbc;

import io.anymq.Codec;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import java.lang.reflect.Type;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Encodes bodies as a producer does: by the codecs given, as text or bytes, or by a codec on the class path. */
final class BodyEncoder {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";

    private final List<Codec> preferred;
    private final List<Codec> found;

    /** The bytes and their content type. */
    @SuppressWarnings("ArrayRecordComponent") // never compared or hashed
    record Encoded(byte[] bytes, String contentType) {}

    private record Context(Destination destination, Type type, String contentType, Map<String, String> headers)
            implements Codec.EncodeContext {}

    BodyEncoder(List<Codec> preferred) {
        this.preferred = List.copyOf(preferred);
        List<Codec> loaded = new ArrayList<>();
        ServiceLoader.load(Codec.class).forEach(loaded::add);
        this.found = List.copyOf(loaded);
    }

    Encoded encode(Destination destination, Message<?> message, Type type) {
        Object body = message.body();
        String asked = message.contentType();
        for (Codec codec : preferred) {
            if (isMeant(codec, asked, type)) {
                return encode(codec, destination, message, type);
            }
        }
        if (body instanceof byte[] bytes) {
            return new Encoded(bytes.clone(), asked == null ? BYTES : asked);
        }
        if (body instanceof String text && (asked == null || isSame(TEXT, asked))) {
            return new Encoded(utf8(text), asked == null ? TEXT : asked);
        }
        for (Codec codec : found) {
            if (isMeant(codec, asked, type)) {
                return encode(codec, destination, message, type);
            }
        }
        StringJoiner known = new StringJoiner(", ");
        known.add(TEXT).add(BYTES);
        preferred.forEach(codec -> known.add(codec.contentType()));
        found.forEach(codec -> known.add(codec.contentType()));
        throw new MessagingException(
                ErrorCode.ENCODING,
                "no codec for " + type.getTypeName() + (asked == null ? "" : " as " + asked) + " (known: " + known
                        + "); put io.anymq:anymq-codec-json on the class path or add a codec to the outbox");
    }

    private static boolean isMeant(Codec codec, @Nullable String asked, Type type) {
        try {
            return codec.supports(type) && (asked == null || isSame(codec.contentType(), asked));
        } catch (Throwable e) {
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    "codec " + codec.getClass().getName() + " failed to say whether it supports " + type.getTypeName()
                            + "; correct supports(…)",
                    false,
                    e);
        }
    }

    private static Encoded encode(Codec codec, Destination destination, Message<?> message, Type type) {
        String asked = message.contentType();
        String contentType = asked == null ? codec.contentType() : asked;
        byte[] bytes;
        try {
            bytes = codec.encode(message.body(), new Context(destination, type, contentType, message.headers()));
        } catch (Throwable e) {
            // an Error too, such as a stack overflow: the body is to blame
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    codec.contentType() + " cannot encode "
                            + message.body().getClass().getName() + ": "
                            + e.getClass().getSimpleName(),
                    false,
                    e);
        }
        if (bytes == null) {
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    "codec " + codec.getClass().getName() + " returned null; encode must return the bytes or throw");
        }
        return new Encoded(bytes, contentType);
    }

    private static byte[] utf8(String text) {
        try {
            var bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new MessagingException(
                    ErrorCode.ENCODING, "the text has an unpaired surrogate, which cannot be encoded", false, e);
        }
    }

    private static boolean isSame(String ours, String theirs) {
        return mediaType(ours).equals(mediaType(theirs));
    }

    private static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .trim()
                .toLowerCase(Locale.ROOT);
    }
}
