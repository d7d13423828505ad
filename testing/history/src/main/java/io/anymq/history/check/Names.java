package io.anymq.history.check;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Foreign names inside sentences. */
final class Names {
    private static final int LONGEST = 80;

    private Names() {}

    /** In quotes, cut, with everything but printable ASCII escaped. */
    static String quote(@Nullable String name) {
        if (name == null) {
            return "none";
        }
        StringBuilder out = new StringBuilder().append('\'');
        for (int i = 0; i < name.length() && i < LONGEST; i++) {
            char c = name.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.append(name.length() > LONGEST ? "...'" : "'").toString();
    }

    static String of(Journey journey) {
        return "message " + quote(journey.id);
    }

    static String of(SourceFacts source) {
        return quote(source.name);
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }
}
