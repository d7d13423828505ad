package io.anymq.history;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one flat JSON object whose values are strings, whole numbers and booleans: all that a history needs. */
final class JsonObject {
    /** The problem of a line. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String problem) {
            super(problem, null, false, false);
        }
    }

    private final String text;
    private int at;

    private JsonObject(String text) {
        this.text = text;
    }

    /** Names to values, each a {@link String}, {@link Long} or {@link Boolean}. */
    static Map<String, Object> parse(String text) throws Malformed {
        return new JsonObject(text).object();
    }

    private Map<String, Object> object() throws Malformed {
        Map<String, Object> fields = new LinkedHashMap<>();
        expect('{');
        if (!accept('}')) {
            do {
                String name = string();
                expect(':');
                if (fields.put(name, value()) != null) {
                    throw malformed("duplicate field " + quote(name));
                }
            } while (accept(','));
            expect('}');
        }
        skipBlanks();
        if (at < text.length()) {
            throw malformed("unexpected text after the object");
        }
        return fields;
    }

    private Object value() throws Malformed {
        skipBlanks();
        if (at == text.length()) {
            throw malformed("the line is cut off");
        }
        char c = text.charAt(at);
        if (c == '"') {
            return string();
        }
        if (c == '-' || (c >= '0' && c <= '9')) {
            return number();
        }
        if (text.startsWith("true", at)) {
            at += 4;
            return true;
        }
        if (text.startsWith("false", at)) {
            at += 5;
            return false;
        }
        throw malformed("expected a string, a whole number, true or false");
    }

    private long number() throws Malformed {
        int from = at++;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        try {
            return Long.parseLong(text, from, at, 10);
        } catch (NumberFormatException e) {
            throw malformed("the number does not fit into 64 bits");
        }
    }

    private String string() throws Malformed {
        expect('"');
        int from = at;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return text.substring(from, at++);
        }
        StringBuilder out = new StringBuilder(text.length() - from).append(text, from, at);
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c == '\\') {
                out.append(escaped());
            } else if (isPlain(c)) {
                out.append(c);
            } else {
                throw malformed("unescaped control character in a string");
            }
        }
        throw malformed("the line is cut off inside a string");
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\';
    }

    private char escaped() throws Malformed {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw malformed("unknown escape sequence");
        };
    }

    private char unicode() throws Malformed {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
            if (digit < 0) {
                throw malformed("four hexadecimal digits must follow \\u");
            }
            value = (value << 4) | digit;
        }
        return (char) value;
    }

    private void expect(char c) throws Malformed {
        if (!accept(c)) {
            throw malformed(at == text.length() ? "the line is cut off" : "expected " + c);
        }
    }

    private boolean accept(char c) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private Malformed malformed(String problem) {
        return new Malformed("column " + (at + 1) + ": " + problem);
    }

    /** {@code value} as a JSON string. ASCII only, so that half of a surrogate pair survives. */
    static String quote(String value) {
        StringBuilder out = new StringBuilder(value.length() + 2);
        appendQuoted(out, value);
        return out.toString();
    }

    static void appendQuoted(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit((c >> shift) & 0xf, 16));
                }
            }
        }
        out.append('"');
    }
}
