package io.anymq.bench.result;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** All prose of the benchmark that people read in its report, from {@code texts.properties}. Stateless. */
public final class Texts {
    private static final Properties ALL = load();

    private Texts() {}

    private static Properties load() {
        Properties texts = new Properties();
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(Texts.class.getResourceAsStream("texts.properties")), StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("texts.properties cannot be read", e);
        }
        return texts;
    }

    /** The text of a key, filled in as {@link String#format} does; throws {@link IllegalArgumentException} if there is none. */
    public static String of(String key, Object... arguments) {
        String text = ALL.getProperty(key);
        if (text == null) {
            throw new IllegalArgumentException("texts.properties has no '" + key + "'");
        }
        return arguments.length == 0 ? text : format(text, arguments);
    }

    /** As {@link String#format}, with the figures of every language the same. */
    public static String format(String format, @Nullable Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** The texts {@code key.1}, {@code key.2} …, filled in; none if there is no first one. */
    public static List<String> list(String key, Object... arguments) {
        List<String> texts = new ArrayList<>();
        for (int number = 1; ALL.containsKey(key + "." + number); number++) {
            texts.add(of(key + "." + number, arguments));
        }
        return texts;
    }
}
