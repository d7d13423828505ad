package io.anymq.internal.support;

import io.anymq.Codec;
import io.anymq.ConfigurationException;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Source;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.StringJoiner;
import java.util.function.Supplier;

/** Chooses the codec, by type or content type on the way out, by content type on the way in, and calls it. */
public final class Codecs {
    private final List<Codec> codecs;
    private final TextCodec text = new TextCodec();

    private record Encoding(Destination destination, Type type, String contentType, Map<String, String> headers)
            implements Codec.EncodeContext {}

    private record Decoding(Source source, Type type, String contentType, Map<String, String> headers)
            implements Codec.DecodeContext {
        @Override
        public Charset charset() {
            return ContentType.charset(contentType);
        }
    }

    /** {@code preferred} first, then text and bytes, then codecs on the class path. */
    public Codecs(List<Codec> preferred) {
        List<Codec> all = new ArrayList<>(preferred);
        all.add(text);
        all.add(new BytesCodec());
        List<String> unloadable = new ArrayList<>();
        List<Codec> found = Services.load(ServiceLoader.load(Codec.class).iterator(), unloadable);
        if (!unloadable.isEmpty()) {
            throw new ConfigurationException(unloadable);
        }
        for (Codec codec : found) {
            if (preferred.stream()
                    .noneMatch(own -> ContentType.isSameMediaType(own.contentType(), codec.contentType()))) {
                requireUnique(found, codec, "add the one you want with MessagingClient.Builder.codec");
            }
        }
        all.addAll(found);
        this.codecs = List.copyOf(all);
    }

    /** Refuses {@code codec} if another of {@code others} has its content type. */
    public static void requireUnique(List<Codec> others, Codec codec, String cure) {
        for (Codec other : others) {
            if (other != codec && ContentType.isSameMediaType(other.contentType(), codec.contentType())) {
                throw new ConfigurationException(List.of("two codecs for content type '"
                        + Escape.forLog(codec.contentType()) + "', "
                        + other.getClass().getName() + " and "
                        + codec.getClass().getName() + ": " + cure));
            }
        }
    }

    private static boolean supports(Codec codec, Type type) {
        try {
            return codec.supports(type);
        } catch (Throwable e) {
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    "codec " + codec.getClass().getName() + " failed to say whether it supports "
                            + type.getTypeName() + ": " + e.getClass().getSimpleName()
                            + "; correct supports(…)",
                    false,
                    e);
        }
    }

    /** The first codec that can write this type. */
    public Codec forType(Type type) {
        for (Codec codec : codecs) {
            if (supports(codec, type)) {
                return codec;
            }
        }
        throw new MessagingException(
                ErrorCode.ENCODING,
                "no codec for " + type.getTypeName() + " (known: " + contentTypes()
                        + "); put io.anymq:anymq-codec-json on the class path or add a codec to the client");
    }

    /** The codec that writes this type as the content type that a message asks for. Bytes are written as they are. */
    public Codec forSending(String contentType, Type type) {
        if (type == byte[].class) {
            return forType(type);
        }
        StringJoiner able = new StringJoiner(", ");
        for (Codec codec : codecs) {
            if (supports(codec, type)) {
                if (ContentType.isSameMediaType(codec.contentType(), contentType)) {
                    requireUtf8(codec, contentType);
                    return codec;
                }
                able.add(codec.contentType());
            }
        }
        throw new MessagingException(
                ErrorCode.ENCODING,
                "no codec can encode " + type.getTypeName() + " as '" + Escape.forLog(contentType)
                        + "' (content types for this type: " + able
                        + "); choose one of these, add a codec to the client, or send byte[]");
    }

    private static void requireUtf8(Codec codec, String contentType) {
        String charset = ContentType.charsetName(contentType);
        if (codec instanceof TextCodec && !charset.isEmpty() && !charset.equalsIgnoreCase("utf-8")) {
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    "text is always encoded in UTF-8, not as '" + Escape.forLog(contentType)
                            + "'; use charset=utf-8, or send byte[]");
        }
    }

    /** Encodes {@code message}; throws {@link MessagingException} with ENCODING whatever the codec does wrong. */
    public static byte[] encode(
            Codec codec, Destination destination, Type type, String contentType, Message<?> message) {
        Object body = message.body();
        byte[] bytes;
        try {
            bytes = codec instanceof PlainCodec<?> plain
                    ? plain.encode(body)
                    : codec.encode(body, new Encoding(destination, type, contentType, message.headers()));
        } catch (Throwable e) {
            // an Error too, such as a stack overflow: the body is to blame, not the producer
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    codec.contentType() + " cannot encode " + body.getClass().getName() + ": " + reason(e),
                    false,
                    e);
        }
        if (bytes == null) {
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    "codec " + codec.getClass().getName() + " returned null for "
                            + body.getClass().getName() + "; encode must return the bytes or throw");
        }
        return bytes;
    }

    /** What a codec says itself names the place and no payload; of other exceptions that is not known. */
    private static String reason(Throwable failure) {
        return failure instanceof MessagingException && failure.getMessage() != null
                ? failure.getMessage()
                : failure.getClass().getSimpleName();
    }

    /** Decodes {@code bytes} as {@code type}; {@code headers} is asked only if the codec gets a context. */
    public Object decode(
            byte[] bytes, Source source, Type type, String contentType, Supplier<Map<String, String>> headers)
            throws Exception {
        Codec codec = forContent(contentType, type);
        Object body = codec instanceof PlainCodec<?> plain
                ? plain.decode(bytes, contentType)
                : codec.decode(bytes, new Decoding(source, type, contentType, headers.get()));
        if (body == null || (type instanceof Class<?> asked && !asked.isPrimitive() && !asked.isInstance(body))) {
            throw new MessagingException(
                    ErrorCode.DECODING,
                    "codec " + codec.getClass().getName() + " returned "
                            + (body == null ? "null" : body.getClass().getName()) + ", but decode must return "
                            + type.getTypeName() + ", or throw");
        }
        return body;
    }

    /**
     * The codec for a received message. Where the sender named no content type, the one that would write {@code type}.
     * {@code byte[]} reads everything; {@code String} reads text of any kind, and JSON that no codec reads as a String.
     */
    public Codec forContent(String contentType, Type type) {
        if (contentType.isEmpty() || type == byte[].class) {
            return forType(type);
        }
        Codec otherType = null;
        for (Codec codec : codecs) {
            if (ContentType.isSameMediaType(codec.contentType(), contentType)) {
                if (codec.supports(type)) {
                    return codec;
                }
                otherType = codec;
            }
        }
        if (type == String.class && ContentType.isText(contentType)) {
            return text;
        }
        throw new MessagingException(
                ErrorCode.DECODING,
                otherType == null
                        ? "no codec for content type '" + Escape.forLog(contentType) + "' (known: " + contentTypes()
                                + ")"
                        : "content type '" + Escape.forLog(contentType) + "' cannot be read as " + type.getTypeName());
    }

    private String contentTypes() {
        StringJoiner names = new StringJoiner(", ");
        codecs.forEach(codec -> names.add(codec.contentType()));
        return names.toString();
    }
}
