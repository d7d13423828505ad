package io.anymq.internal.support;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Strings, written as UTF-8, read in the charset of the content type; malformed bytes are refused, not replaced. */
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
    String decode(byte[] bytes, String contentType) {
        Charset charset = contentType.equals(CONTENT_TYPE) ? StandardCharsets.UTF_8 : ContentType.charset(contentType);
        if (charset.equals(StandardCharsets.UTF_8) && isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return charset.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new MessagingException(
                    ErrorCode.DECODING,
                    "the body is not text in " + charset.name() + " at byte " + in.position() + " of " + bytes.length
                            + "; the sender must encode it so, or name its charset in the content type",
                    false,
                    e);
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
