package io.anymq.internal.support;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings as UTF-8; malformed bytes are refused, not replaced. */
final class TextCodec extends PlainCodec<String> {
    static final String CONTENT_TYPE = "text/plain; charset=utf-8";

    TextCodec() {
        super(String.class, CONTENT_TYPE);
    }

    @Override
    byte[] encode(Object body) throws CharacterCodingException {
        String text = (String) body;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // getBytes writes '?' for half a surrogate pair; the strict encoder throws instead
        if (hasSurrogate(text)) {
            StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
        }
        return bytes;
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    String decode(byte[] bytes) throws CharacterCodingException {
        for (byte b : bytes) {
            if (b < 0) {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
