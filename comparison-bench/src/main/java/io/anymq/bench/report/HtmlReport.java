package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.Texts;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The report: one file that needs nothing else. Its tables hold all figures, so it can be read without scripts; a policy in its
 * head forbids the browser every request.
 */
public final class HtmlReport {
    /** One part of the report; {@code id} is its anchor and leads to its title in {@link Texts}. */
    record Section(String id, BiConsumer<Html, Results> writer) {
        String title() {
            return Texts.of("section." + id + ".title");
        }
    }

    private static final List<Section> SECTIONS = List.of(
            new Section("choice", ChoiceSection::write),
            new Section("environment", EnvironmentSection::write),
            new Section("throughput", FigureSections::throughput),
            new Section("latency", FigureSections::latency),
            new Section("timelines", TheorySections::timelines),
            new Section("theory", TheorySections::theory),
            new Section("overhead", OverheadSection::write),
            new Section("prices", TheorySections::prices),
            new Section("cost", FigureSections::cost),
            new Section("goals", TheorySections::goals),
            new Section("limits", EnvironmentSection::limits),
            new Section("runs", FigureSections::runs));

    private HtmlReport() {}

    /** The whole page. */
    public static String render(Results results) throws IOException {
        Html out = new Html();
        out.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">")
                .raw("<title>AnyMQ broker comparison</title><style>")
                .raw(Assets.text("report.css"))
                .raw("</style></head><body><header><div class=\"wrap\">")
                .raw("<p class=\"brand\">AnyMQ</p><h1>Broker comparison</h1>")
                .element("p class=\"sub\"", subtitle(results))
                .raw("<nav>");
        SECTIONS.forEach(section -> out.link(section.id, section.title()));
        out.raw("</nav></div></header><main class=\"wrap\">");
        for (Section section : SECTIONS) {
            out.raw("<section id=\"" + section.id + "\">").element("h2", section.title());
            section.writer.accept(out, results);
            out.raw("</section>");
        }
        out.raw("</main><script type=\"application/json\" id=\"data\">")
                .raw(ChartData.of(results))
                .raw("</script><script>")
                .raw(Assets.chartLibrary())
                .raw("</script><script>")
                .raw(Assets.text("report.js"))
                .raw("</script></body></html>\n");
        return out.toString();
    }

    private static String subtitle(Results results) {
        List<String> titles = results.plan().brokers().stream()
                .map(broker -> Format.title(results, broker))
                .toList();
        return String.join(
                " · ",
                String.join(", ", titles),
                results.plan().profile() + " profile",
                results.runs().size() + " runs",
                "durability " + results.plan().durability(),
                results.environment().measuredAt().replace('T', ' ').replace("Z", " UTC"));
    }
}
