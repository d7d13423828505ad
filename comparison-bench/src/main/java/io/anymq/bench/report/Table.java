package io.anymq.bench.report;

import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A table of the report: its columns first, then its rows. Not thread-safe. */
final class Table<T> {
    private static final String NUMBER = "n";
    private static final String STRONG = "n strong";

    /**
     * A column.
     *
     * @param group stands above the heads of successive columns; empty for a column without one
     * @param style a class of the style sheet, or several
     * @param rowStyle another one, which depends on the row
     */
    private record Column<T>(
            String group, String head, String style, Function<T, String> rowStyle, BiConsumer<Html, T> content) {
        boolean first() {
            return style.endsWith(" group");
        }

        String headTag() {
            boolean number = style.equals(NUMBER) || style.startsWith(NUMBER + " ");
            return number ? "th class=\"n" + (first() ? " group" : "") + "\" scope=\"col\"" : "th scope=\"col\"";
        }

        String tag(T row) {
            String all = (style + " " + rowStyle.apply(row)).trim();
            return all.isEmpty() ? "td" : "td class=\"" + all + "\"";
        }
    }

    private final List<Column<T>> columns = new ArrayList<>();
    private String nameHead = "";
    private Function<T, String> name = row -> "";
    private Function<T, String> rowTag = row -> "<tr>";

    private Table<T> column(String head, String style, Function<T, String> rowStyle, BiConsumer<Html, T> content) {
        columns.add(new Column<>("", head, style, rowStyle, content));
        return this;
    }

    /** A cell with markup. */
    Table<T> markup(String head, boolean number, BiConsumer<Html, T> content) {
        return column(head, number ? NUMBER : "", row -> "", content);
    }

    /** The heading of each row, in the first column. */
    Table<T> name(String head, Function<T, String> text) {
        nameHead = head;
        name = text;
        return this;
    }

    Table<T> text(String head, Function<T, String> text) {
        return text(head, "", text);
    }

    /** With a class of the style sheet. */
    Table<T> text(String head, String style, Function<T, String> text) {
        return column(head, style, row -> "", (out, row) -> out.text(text.apply(row)));
    }

    Table<T> number(String head, Function<T, String> text) {
        return text(head, NUMBER, text);
    }

    /** A number that matters. */
    Table<T> strong(String head, Function<T, String> text) {
        return text(head, STRONG, text);
    }

    /** A number that matters, and should not be as it is if {@code flawed}; the first of its group is set apart. */
    Table<T> strong(String group, String head, boolean first, Predicate<T> flawed, Function<T, String> text) {
        columns.add(new Column<>(
                group,
                head,
                first ? STRONG + " group" : STRONG,
                row -> flawed.test(row) ? "flaw" : "",
                (out, row) -> out.text(text.apply(row))));
        return this;
    }

    /** A count that should be 0. */
    Table<T> flaws(String head, Function<T, Long> count) {
        return column(
                head,
                NUMBER,
                row -> count.apply(row) == 0 ? "" : "flaw",
                (out, row) -> out.text(Format.whole(count.apply(row))));
    }

    Table<T> arm(Function<T, String> arm) {
        return column("Arm", "arm", arm, (out, row) -> out.text(arm.apply(row)));
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
        boolean grouped = columns.stream().anyMatch(column -> !column.group.isEmpty());
        out.raw("<div class=\"scroll\"><table")
                .raw(columns.stream().anyMatch(Column::first) ? " class=\"pairs\"" : "")
                .raw("><thead><tr>")
                .element(grouped ? "th scope=\"col\" rowspan=\"2\"" : "th scope=\"col\"", nameHead);
        if (grouped) {
            columns.stream().map(Column::group).distinct().forEach(group -> {
                long span = columns.stream()
                        .filter(each -> each.group.equals(group))
                        .count();
                out.element("th class=\"group\" scope=\"colgroup\" colspan=\"" + span + "\"", group);
            });
            out.raw("</tr><tr>");
        }
        columns.forEach(column -> out.element(column.headTag(), column.head));
        out.raw("</tr></thead><tbody>");
        for (T row : rows) {
            out.raw(rowTag.apply(row)).element("th scope=\"row\"", name.apply(row));
            for (Column<T> column : columns) {
                out.raw("<" + column.tag(row) + ">");
                column.content.accept(out, row);
                out.raw("</td>");
            }
            out.raw("</tr>");
        }
        out.raw("</tbody></table></div>");
    }
}
