package io.anymq.bench.report;

import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A table of the report: its columns first, then its rows. Not thread-safe. */
final class Table<T> {
    private static final String NUMBER = "td class=\"n\"";
    private static final String STRONG = "td class=\"n strong\"";

    private record Column<T>(String head, boolean number, Function<T, String> tag, BiConsumer<Html, T> content) {}

    private final List<Column<T>> columns = new ArrayList<>();
    private Function<T, String> rowTag = row -> "<tr>";

    /** A cell with markup. */
    Table<T> markup(String head, boolean number, BiConsumer<Html, T> content) {
        return column(head, number, row -> number ? NUMBER : "td", content);
    }

    private Table<T> column(String head, boolean number, Function<T, String> tag, BiConsumer<Html, T> content) {
        columns.add(new Column<>(head, number, tag, content));
        return this;
    }

    private Table<T> column(String head, String tag, Function<T, String> text) {
        return column(head, tag.contains("\"n"), row -> tag, (out, row) -> out.text(text.apply(row)));
    }

    /** The heading of each row. */
    Table<T> name(String head, Function<T, String> text) {
        return column(head, "th scope=\"row\"", text);
    }

    Table<T> text(String head, Function<T, String> text) {
        return column(head, "td", text);
    }

    /** With a class of the style sheet. */
    Table<T> text(String head, String style, Function<T, String> text) {
        return column(head, "td class=\"" + style + "\"", text);
    }

    Table<T> number(String head, Function<T, String> text) {
        return column(head, NUMBER, text);
    }

    /** A number that matters. */
    Table<T> strong(String head, Function<T, String> text) {
        return column(head, STRONG, text);
    }

    /** A number that matters, and should not be as it is if {@code flawed}. */
    Table<T> strong(String head, Predicate<T> flawed, Function<T, String> text) {
        return column(
                head,
                true,
                row -> flawed.test(row) ? "td class=\"n strong flaw\"" : STRONG,
                (out, row) -> out.text(text.apply(row)));
    }

    /** A count that should be 0. */
    Table<T> flaws(String head, Function<T, Long> count) {
        return column(
                head,
                true,
                row -> count.apply(row) == 0 ? NUMBER : "td class=\"n flaw\"",
                (out, row) -> out.text(Format.whole(count.apply(row))));
    }

    Table<T> arm(Function<T, String> arm) {
        return column(
                "Arm", false, row -> "td class=\"arm " + arm.apply(row) + "\"", (out, row) -> out.text(arm.apply(row)));
    }

    /** Whether a run counts, and why not; rows that do not are greyed out. */
    Table<T> counts(Function<T, RunResult> run) {
        return voidIf(row -> !run.apply(row).counts()).text("Counts", "why", row -> {
            String reason = run.apply(row).reason();
            return reason == null ? "yes" : "no: " + reason;
        });
    }

    /** Greys out such rows. */
    Table<T> voidIf(Predicate<T> condition) {
        return rows(row -> condition.test(row) ? "<tr class=\"void\">" : "<tr>");
    }

    /** How a row begins. */
    Table<T> rows(Function<T, String> tag) {
        rowTag = tag;
        return this;
    }

    void write(Html out, Iterable<T> rows) {
        out.raw("<div class=\"scroll\"><table><thead><tr>");
        for (Column<T> column : columns) {
            out.element((column.number ? "th class=\"n\" scope=\"col\"" : "th scope=\"col\""), column.head);
        }
        out.raw("</tr></thead><tbody>");
        for (T row : rows) {
            out.raw(rowTag.apply(row));
            for (Column<T> column : columns) {
                String tag = column.tag.apply(row);
                out.raw("<" + tag + ">");
                column.content.accept(out, row);
                out.raw(tag.startsWith("th") ? "</th>" : "</td>");
            }
            out.raw("</tr>");
        }
        out.raw("</tbody></table></div>");
    }
}
