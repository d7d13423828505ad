package io.anymq.internal.support;

/** Bytes as they are; copied both ways so that neither side sees the other's later changes. */
final class BytesCodec extends PlainCodec<byte[]> {
    BytesCodec() {
        super(byte[].class, "application/octet-stream");
    }

    @Override
    byte[] encode(Object body) {
        return ((byte[]) body).clone();
    }

    @Override
    byte[] decode(byte[] bytes, String contentType) {
        return bytes.clone();
    }
}
