package io.anymq.spi.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.API;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;

/**
 * Text of bytes that may be no UTF-8, such as keys that another program serialized, and the same bytes of that text:
 * different bytes never become the same text. A byte that belongs to no character becomes a single low surrogate, U+DC00
 * and the byte, which no valid text contains and the API refuses. Stateless.
 *
 * <pre>{@code
 * String key = EscapedUtf8.decode(record.key());
 * …
 * byte[] same = EscapedUtf8.encode(key);
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class EscapedUtf8 {
    private static final char ESCAPE = 0xDC00;
    private static final char REPLACEMENT = '\uFFFD';

    private EscapedUtf8() {}

    /** The text of {@code bytes}. */
    public static String decode(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : escaped(bytes);
    }

    private static String escaped(byte[] bytes) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        // a byte gives one character at most
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (in.hasRemaining()) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isError()) {
                for (int i = 0; i < result.length(); i++) {
                    out.put((char) (ESCAPE | (in.get() & 0xFF)));
                }
                decoder.reset();
            }
        }
        return out.flip().toString();
    }

    /** The bytes that {@link #decode} has made {@code text} of, or UTF-8 of any other text. */
    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return unescaped(text);
            }
        }
        return text.getBytes(UTF_8);
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() * 3);
        int plain = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xFF) {
                bytes.writeBytes(text.substring(plain, i).getBytes(UTF_8));
                bytes.write(point - ESCAPE);
                plain = i + 1;
            }
        }
        bytes.writeBytes(text.substring(plain).getBytes(UTF_8));
        return bytes.toByteArray();
    }
}
