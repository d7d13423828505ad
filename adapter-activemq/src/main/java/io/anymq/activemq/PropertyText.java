package io.anymq.activemq;

/**
 * Text that ActiveMQ would not give back as it was: its properties are written in Java's modified UTF-8 and read as
 * plain UTF-8, which spoils U+0000 and everything beyond U+FFFF. In such values each of these characters and the
 * backslash is written as a backslash, {@code u} and four hexadecimal digits, and the property's name begins with
 * {@value #PREFIX}.
 */
final class PropertyText {
    static final String PREFIX = "mq-u-";

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
                escaped.append("\\u").append(String.format("%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Text that is not an escape stays as it is, because a foreign client may write anything. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int code = text.startsWith("\\u", i) ? hex(text, i + 2) : -1;
            plain.append(code < 0 ? text.charAt(i) : (char) code);
            i += code < 0 ? 1 : 6;
        }
        return plain.toString();
    }

    private static int hex(String text, int from) {
        if (from + 4 > text.length()) {
            return -1;
        }
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            code = code * 16 + digit;
        }
        return code;
    }
}
