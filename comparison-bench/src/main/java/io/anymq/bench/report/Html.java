package io.anymq.bench.report;

import io.anymq.bench.result.Texts;

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
        return raw("<" + tag + ">").text(text).raw("</" + (space < 0 ? tag : tag.substring(0, space)) + ">");
    }

    /** A paragraph from {@link Texts}. */
    Html paragraph(String key, Object... arguments) {
        return element("p", Texts.of(key, arguments));
    }

    /** The same in small print. */
    Html note(String key, Object... arguments) {
        return element("p class=\"muted\"", Texts.of(key, arguments));
    }

    /** The heading of a broker or a scenario within a section, which links may lead to. */
    Html heading(String anchor, String title) {
        return element("h3 id=\"" + escape(anchor) + "\"", title);
    }

    Html link(String anchor, String text) {
        return element("a href=\"#" + escape(anchor) + "\"", text);
    }

    /** Begins the part that is shown when unfolded; {@link #unfold} ends it. */
    Html fold(String summary) {
        return raw("<details>").element("summary", summary);
    }

    /** The end of {@link #fold}. */
    Html unfold() {
        return raw("</details>");
    }

    /** A chart of this kind over some data; {@code label} is for those who do not see it. */
    Html chart(long height, String label, String kind, String data) {
        return raw("<div class=\"chart\" style=\"height:" + height + "px\"><canvas role=\"img\" aria-label=\"")
                .text(label)
                .raw("\" data-chart=\"" + kind + "\"" + data + "></canvas></div>");
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
