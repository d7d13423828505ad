package io.anymq.bench.report;

import org.jspecify.annotations.Nullable;

/** Cells as RFC 4180 wants them. Stateless. */
final class Csv {
    private Csv() {}

    /** Quoted where it has to be; empty for null. */
    static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
