package io.anymq.internal.support;

import io.anymq.Codec;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** A built-in codec of one class. It needs no context, so none is made for it: that saves an object per message. */
abstract class PlainCodec<B> implements Codec {
    private final Class<B> type;
    private final String contentType;

    PlainCodec(Class<B> type, String contentType) {
        this.type = type;
        this.contentType = contentType;
    }

    @Override
    public final String contentType() {
        return contentType;
    }

    @Override
    public final boolean supports(Type asked) {
        return asked == type;
    }

    abstract byte[] encode(Object body) throws Exception;

    abstract B decode(byte[] bytes, String contentType) throws Exception;

    @Override
    public final byte[] encode(Object body, @Nullable EncodeContext context) throws Exception {
        return encode(body);
    }

    @Override
    public final Object decode(byte[] bytes, DecodeContext context) throws Exception {
        return decode(bytes, context.contentType());
    }
}
