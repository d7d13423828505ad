package io.anymq.bench.report;

import io.anymq.bench.result.Json;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.TimePoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The report: one file that needs nothing else. Its tables hold all figures, so it can be read without scripts; a policy in
 * its head forbids the browser every request.
 */
public final class HtmlReport {
    private static final List<Section> SECTIONS = List.of(
            new ChoiceSection(),
            new AnswersSection(),
            new EnvironmentSection(),
            new ThroughputSection(),
            new LatencySection(),
            new TheorySection(),
            new OverheadSection(),
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
                .raw(data(results))
                .raw("</script><script>")
                .raw(Assets.chartLibrary())
                .raw("</script><script>")
                .raw(Assets.text("report.js"))
                .raw("</script></body></html>\n");
        return out.toString();
    }

    private static String subtitle(Results results) {
        return String.join(", ", results.plan().brokers()) + " · "
                + results.plan().profile() + " profile · "
                + results.runs().size() + " runs · durability " + results.plan().durability() + " · "
                + results.environment().measuredAt().replace('T', ' ').replace("Z", " UTC");
    }

    /** Of runs that sent through a broker; for each moment seconds, backlog, confirms and handlings per second. */
    private static List<Map<String, Object>> timelines(Results results) {
        List<Map<String, Object>> timelines = new ArrayList<>();
        for (RunResult run : results.runs()) {
            if (run.sent() == 0 || run.timeline().size() < 2) {
                continue;
            }
            List<List<Number>> points = new ArrayList<>();
            for (int i = 5; i < run.timeline().size(); i++) {
                TimePoint before = run.timeline().get(i - 5);
                TimePoint now = run.timeline().get(i);
                double seconds = Math.max(0.1, now.seconds() - before.seconds());
                points.add(List.of(
                        now.seconds(),
                        Math.max(0, now.confirmed() - now.handled()),
                        Math.round((now.confirmed() - before.confirmed()) / seconds),
                        Math.round((now.handled() - before.handled()) / seconds)));
            }
            timelines.add(Map.of("broker", run.broker(), "scenario", run.scenario(), "points", points));
        }
        return timelines;
    }

    /** What the charts draw; {@code <} is escaped so that no text can end the element. */
    private static String data(Results results) throws IOException {
        List<Map<String, Object>> runs = new ArrayList<>();
        for (RunResult run : results.runs()) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("id", run.id());
            point.put("broker", run.broker());
            point.put("arm", run.arm());
            point.put("counts", run.counts());
            Double rate = run.messagesPerSecond();
            if (run.parameters().get("window") != null && rate != null) {
                point.put("window", run.parameters().get("window"));
                point.put("rate", Math.round(rate));
                runs.add(point);
            }
            LatencyMicros latency = run.latencyMicros();
            if (run.parameters().get("load") != null && latency != null && run.counts()) {
                point.put("load", run.parameters().get("load"));
                point.put(
                        "latency", List.of(latency.p50(), latency.p90(), latency.p99(), latency.p999(), latency.max()));
                runs.add(point);
            }
        }
        return Json.compact(Map.of("runs", runs, "timelines", timelines(results)))
                .replace("<", "\\u003c");
    }
}
