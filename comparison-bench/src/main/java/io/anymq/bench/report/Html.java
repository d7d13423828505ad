package io.anymq.bench.report;

/** Writes HTML; every text is escaped. Not thread-safe. */
final class Html {
    private final StringBuilder out = new StringBuilder(1 << 16);

    /** Markup as it is. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Text, escaped. */
    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    /** An element with text. {@code tag} may hold attributes, as in {@code td class="x"}. */
    Html element(String tag, String text) {
        int space = tag.indexOf(' ');
        String name = space < 0 ? tag : tag.substring(0, space);
        return raw("<" + tag + ">").text(text).raw("</" + name + ">");
    }

    /** A table's head. */
    Html head(String... columns) {
        raw("<div class=\"scroll\"><table><thead><tr>");
        for (String column : columns) {
            boolean number = column.startsWith("#");
            element(
                    number ? "th class=\"n\" scope=\"col\"" : "th scope=\"col\"",
                    number ? column.substring(1) : column);
        }
        return raw("</tr></thead><tbody>");
    }

    /** A table's end. */
    Html foot() {
        return raw("</tbody></table></div>");
    }

    /** What is shown when asked for; {@link #unfold} ends it. */
    Html fold(String summary) {
        return raw("<details>").element("summary", summary);
    }

    /** The end of {@link #fold}. */
    Html unfold() {
        return raw("</details>");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
