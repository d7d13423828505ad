package io.anymq.internal.config;

import io.anymq.Escape;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A properties file in UTF-8, with or without a byte order mark. Every mistake is reported with its line; a key that is
 * set twice is one, because only the last value would count.
 */
final class ConfigFile {
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final String name;
    private final List<String> problems;
    private final Map<String, Integer> lines = new HashMap<>();

    /** A key of the file and the line on which it stands. */
    record Entry(String key, String value, int line) {}

    private ConfigFile(String name, List<String> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** The entries in the order of the file; {@code problems} receives what is wrong with it. */
    static List<Entry> read(byte[] content, String name, List<String> problems) {
        ConfigFile file = new ConfigFile(name, problems);
        String text = file.decode(content);
        return text == null ? List.of() : file.entries(text);
    }

    private @Nullable String decode(byte[] content) {
        if (content.length >= 2 && (content[0] & 0xff) + (content[1] & 0xff) == 0xff + 0xfe) {
            problems.add(name + " is in UTF-16; save it in UTF-8");
            return null;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length);
        if (decoder.decode(in, out, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += content[i] == '\n' ? 1 : 0;
            }
            problems.add(at(line) + " is not in UTF-8; save the file in UTF-8, or write the character as \\u00fc");
            return null;
        }
        String text = out.flip().toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private List<Entry> entries(String text) {
        List<Entry> entries = new ArrayList<>();
        List<String> natural = text.lines().toList();
        for (int i = 0; i < natural.size(); i++) {
            int line = i + 1;
            StringBuilder logical = new StringBuilder(natural.get(i));
            if (!isComment(natural.get(i))) {
                while (isContinued(logical) && i + 1 < natural.size()) {
                    logical.append('\n').append(natural.get(++i));
                }
            }
            Properties one = load(logical.toString(), line);
            for (String key : one.stringPropertyNames()) {
                Integer first = lines.putIfAbsent(key, line);
                if (first == null) {
                    entries.add(new Entry(key, one.getProperty(key).trim(), line));
                } else {
                    String shown = key.startsWith(Settings.PREFIX) ? Escape.forLog(key) : "a key";
                    problems.add(shown + " is set twice in " + name + ", in lines " + first + " and " + line
                            + "; remove one of them");
                }
            }
        }
        return entries;
    }

    private static boolean isComment(String line) {
        String stripped = line.stripLeading();
        return stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean isContinued(CharSequence line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    @SuppressWarnings("UnusedException") // it says no more than the problem, and not where
    private Properties load(String logicalLine, int line) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(logicalLine));
        } catch (IllegalArgumentException e) {
            problems.add(at(line) + " has a \\u that four hexadecimal digits do not follow; write a backslash as \\\\,"
                    + " and paths with / on every system");
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return one;
    }

    private String at(int line) {
        return name + ", line " + line + ",";
    }
}
