package io.anymq.activemq;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
