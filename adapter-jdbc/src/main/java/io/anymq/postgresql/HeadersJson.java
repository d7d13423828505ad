package io.anymq.postgresql;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Headers as a JSON object of strings, so that SQL can read and write them. A value of another type, which only other
 * programs write, is read as its JSON text. Stateless.
 */
final class HeadersJson {
    private HeadersJson() {}

    /** Null for no headers. */
    static @Nullable String write(Map<String, String> headers) {
        return write(headers, null);
    }

    /**
     * Null for no headers.
     *
     * @param original the headers of the same message as it was received: values that say the same keep their type
     */
    static @Nullable String write(Map<String, String> headers, @Nullable String original) {
        if (headers.isEmpty()) {
            return null;
        }
        Map<String, String> typed = new HashMap<>();
        if (original != null) {
            new Reader(original).object((name, json, text) -> {
                if (json.charAt(0) != '"' && text.equals(headers.get(name))) {
                    typed.put(name, json);
                }
            });
        }
        StringBuilder out = new StringBuilder(32 * headers.size());
        char before = '{';
        for (Map.Entry<String, String> header : headers.entrySet()) {
            out.append(before);
            string(header.getKey(), out);
            out.append(':');
            String json = typed.get(header.getKey());
            if (json == null) {
                string(header.getValue(), out);
            } else {
                out.append(json);
            }
            before = ',';
        }
        return out.append('}').toString();
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /** Tells each header of what the server has accepted as JSON; anything but an object has none. */
    static void read(@Nullable String json, BiConsumer<String, String> headers) {
        if (json != null) {
            new Reader(json).object((name, token, text) -> headers.accept(name, text));
        }
    }

    private interface Member {
        void is(String name, String json, String text);
    }

    private static final class Reader {
        private final String json;
        private int at;

        Reader(String json) {
            this.json = json;
        }

        private char peek() {
            while (at < json.length() && json.charAt(at) <= ' ') {
                at++;
            }
            return at < json.length() ? json.charAt(at) : '\0';
        }

        void object(Member member) {
            if (peek() != '{') {
                return;
            }
            at++;
            while (peek() == '"') {
                String name = string();
                peek();
                at++;
                peek();
                int start = at;
                String text = value();
                member.is(name, json.substring(start, at).strip(), text);
                if (peek() != ',') {
                    return;
                }
                at++;
            }
        }

        private String value() {
            if (peek() == '"') {
                return string();
            }
            int start = at;
            int depth = 0;
            while (at < json.length()) {
                char c = json.charAt(at);
                if (c == '"') {
                    string();
                    continue;
                }
                if (depth == 0 && (c == ',' || c == '}')) {
                    break;
                }
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
            }
            return json.substring(start, at).strip();
        }

        private String string() {
            StringBuilder out = new StringBuilder();
            at++;
            while (at < json.length()) {
                char c = json.charAt(at++);
                if (c == '"') {
                    break;
                }
                out.append(c == '\\' && at < json.length() ? escaped(json.charAt(at++)) : c);
            }
            return out.toString();
        }

        private char escaped(char c) {
            return switch (c) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    int end = Math.min(json.length(), at + 4);
                    char code = (char) Integer.parseInt(json.substring(at, end), 16);
                    at = end;
                    yield code;
                }
                default -> c;
            };
        }
    }
}
