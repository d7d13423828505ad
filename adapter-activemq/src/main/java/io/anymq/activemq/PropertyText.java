package io.anymq.activemq;

import io.anymq.spi.support.EscapedUtf8;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.util.MarshallingSupport;
import org.fusesource.hawtbuf.UTF8Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Text that ActiveMQ would not give back as it was: its properties are written in Java's modified UTF-8 and read as
 * plain UTF-8, which spoils U+0000 and everything beyond U+FFFF. In such values each of these characters and the
 * backslash is written as a backslash, {@code u} and four hexadecimal digits, and the property's name begins with
 * {@value #PREFIX}.
 */
final class PropertyText {
    static final String PREFIX = "mq-u-";

    private static final Pattern ESCAPED = Pattern.compile("\\\\u(\\p{XDigit}{4})");

    private PropertyText() {}

    /** The text of a property of any type; texts are the same for the same bytes only. */
    static String of(@Nullable Object value) {
        if (value instanceof UTF8Buffer text) {
            return isAscii(text) ? text.toString() : read(text.toByteArray());
        }
        if (value instanceof byte[] bytes) {
            return EscapedUtf8.decode(bytes);
        }
        return value == null ? "" : value.toString();
    }

    /** Whether a property is a text, and not of another type. */
    static boolean isText(@Nullable Object value) {
        return value instanceof UTF8Buffer;
    }

    private static boolean isAscii(UTF8Buffer text) {
        for (int i = text.offset; i < text.offset + text.length; i++) {
            if (text.data[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** What JMS clients write is Java's modified UTF-8; others may write anything. */
    private static String read(byte[] bytes) {
        byte[] withLength = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
        try {
            String text = MarshallingSupport.readUTF8(new DataInputStream(new ByteArrayInputStream(withLength)));
            return hasHalfASurrogatePair(text) ? EscapedUtf8.decode(bytes) : text;
        } catch (IOException | RuntimeException e) {
            return EscapedUtf8.decode(bytes);
        }
    }

    static boolean hasHalfASurrogatePair(String text) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    static boolean isSafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c == '\\' || Character.isSurrogate(c)) {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Text that is not an escape stays as it is, because a foreign client may write anything. */
    static String plain(String text) {
        return ESCAPED.matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(escape.group(1), 16))));
    }
}
