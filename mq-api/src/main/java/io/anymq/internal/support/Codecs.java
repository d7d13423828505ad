package io.anymq.internal.support;

import io.anymq.Codec;
import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import io.anymq.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.StringJoiner;

/** Chooses the codec: by type on the way out, by content type on the way in. */
public final class Codecs {
    private final List<Codec> codecs;

    /** {@code preferred} first, then text and bytes, then what the class path offers. */
    public Codecs(List<Codec> preferred) {
        List<Codec> all = new ArrayList<>(preferred);
        all.add(new TextCodec());
        all.add(new BytesCodec());
        ServiceLoader.load(Codec.class).forEach(all::add);
        this.codecs = List.copyOf(all);
    }

    /** The first codec that can write this type. */
    public Codec forType(Class<?> type) {
        for (Codec codec : codecs) {
            if (codec.supports(type)) {
                return codec;
            }
        }
        throw noCodecFor(type.getName());
    }

    /** As {@link #forType(Class)}, for a type with its arguments. */
    public Codec forType(TypeRef<?> type) {
        for (Codec codec : codecs) {
            if (codec.supports(type)) {
                return codec;
            }
        }
        throw noCodecFor(type.toString());
    }

    private MessagingException noCodecFor(String type) {
        return new MessagingException(
                ErrorCode.ENCODING,
                "no codec for " + type + " (known: " + contentTypes()
                        + "): put io.anymq:codec-json on the class path or add a codec to the client");
    }

    /**
     * The codec for a received message. Where the sender named no content type, the one that would write {@code type}.
     * {@code byte[]} reads everything.
     */
    public Codec forContent(String contentType, TypeRef<?> type) {
        if (contentType.isEmpty() || type.rawType() == byte[].class) {
            return forType(type);
        }
        Codec otherType = null;
        for (Codec codec : codecs) {
            if (sameContentType(codec.contentType(), contentType)) {
                if (codec.supports(type)) {
                    return codec;
                }
                otherType = codec;
            }
        }
        throw new MessagingException(
                ErrorCode.DECODING,
                otherType == null
                        ? "no codec for content type '" + Escape.forLog(contentType) + "' (known: " + contentTypes()
                                + ")"
                        : "content type '" + Escape.forLog(contentType) + "' cannot be read as " + type);
    }

    private static boolean sameContentType(String ours, String theirs) {
        return ours.equals(theirs) || mediaType(ours).equalsIgnoreCase(mediaType(theirs));
    }

    private static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).trim();
    }

    private String contentTypes() {
        StringJoiner names = new StringJoiner(", ");
        codecs.forEach(codec -> names.add(codec.contentType()));
        return names.toString();
    }
}
