package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import java.io.IOException;
import java.util.List;

/**
 * The report: one file that needs nothing else. Its tables hold all figures, so it can be read without scripts; a policy in
 * its head forbids the browser every request.
 */
public final class HtmlReport {
    private static final List<Section> SECTIONS = List.of(
            new ChoiceSection(),
            new EnvironmentSection(),
            new ThroughputSection(),
            new LatencySection(),
            new TimelineSection(),
            new TheorySection(),
            new OverheadSection(),
            new PriceSection(),
            new CostSection(),
            new GoalsSection(),
            new LimitsSection(),
            new RunsSection());

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
                .raw("<p class=\"brand\">AnyMQ</p><h1>Broker comparison</h1><p class=\"sub\">")
                .text(subtitle(results))
                .raw("</p><nav>");
        for (Section section : SECTIONS) {
            out.raw("<a href=\"#" + section.id() + "\">").text(section.title()).raw("</a>");
        }
        out.raw("</nav></div></header><main class=\"wrap\">");
        for (Section section : SECTIONS) {
            out.raw("<section id=\"" + section.id() + "\">").element("h2", section.title());
            section.write(out, results);
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
        return String.join(", ", titles) + " · "
                + results.plan().profile() + " profile · "
                + results.runs().size() + " runs · durability " + results.plan().durability() + " · "
                + results.environment().measuredAt().replace('T', ' ').replace("Z", " UTC");
    }
}
