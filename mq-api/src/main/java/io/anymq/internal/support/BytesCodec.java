package io.anymq.internal.support;

import io.anymq.Codec;

/** Bytes as they are; copied both ways so that neither side sees the other's later changes. */
final class BytesCodec implements Codec {
    static final String CONTENT_TYPE = "application/octet-stream";

    @Override
    public String contentType() {
        return CONTENT_TYPE;
    }

    @Override
    public boolean supports(Class<?> type) {
        return type == byte[].class;
    }

    @Override
    public byte[] encode(Object body) {
        return ((byte[]) body).clone();
    }

    @Override
    public <T> T decode(byte[] bytes, Class<T> type) {
        return type.cast(bytes.clone());
    }
}
