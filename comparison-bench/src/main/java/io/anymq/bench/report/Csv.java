package io.anymq.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.TimePoint;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results as tables for other programs, as RFC 4180 defines them. Stateless. */
final class Csv {
    /** The columns of runs.csv: fields of {@link RunResult} by their JSON path, whose last part is the heading. */
    private static final List<String> RUN = List.of(
            "/run/id",
            "/run/broker",
            "/run/arm",
            "/run/scenario",
            "/run/parameters",
            "/startedAt",
            "/timing/messagesPerSecond",
            "/latency/total/p50",
            "/latency/total/p90",
            "/latency/total/p99",
            "/latency/total/p999",
            "/latency/total/max",
            "/messages/sent",
            "/messages/confirmed",
            "/messages/received",
            "/messages/lost",
            "/messages/duplicates",
            "/messages/orderBreaks",
            "/messages/foreign",
            "/messages/sendFailures",
            "/timing/measuredSeconds",
            "/usage/client/cpuSeconds",
            "/usage/client/compilerSeconds",
            "/usage/brokerCpuSeconds",
            "/usage/brokerWrittenBytes",
            "/usage/stolenSeconds",
            "/usage/client/allocatedBytesPerMessage",
            "/usage/client/residentBytes",
            "/usage/brokerResidentBytes",
            "/reason");

    private Csv() {}

    /** A line for each run. */
    static String runs(Results results) {
        StringBuilder out = new StringBuilder();
        line(out, RUN.stream().map(Csv::heading).toArray());
        for (RunResult run : results.runs()) {
            JsonNode tree = Json.tree(run);
            line(out, RUN.stream().map(path -> text(tree.at(path))).toArray());
        }
        return out.toString();
    }

    private static String heading(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.contains("/latency/") ? name + "Micros" : name;
    }

    private static @Nullable String text(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(field -> field.getKey() + "=" + field.getValue().asText())
                    .collect(Collectors.joining(";"));
        }
        return node.isNull() || node.isMissingNode() ? null : node.asText();
    }

    /**
     * A line for each moment of a run: messages handled per second in every measured second, and for demonstrations over time how
     * many were sent, confirmed and handled.
     */
    static String timeSeries(Results results) {
        StringBuilder out = new StringBuilder();
        line(
                out,
                "id",
                "broker",
                "arm",
                "scenario",
                "variant",
                "seconds",
                "messagesPerSecond",
                "sent",
                "confirmed",
                "handled",
                "waiting");
        for (RunResult run : results.runs()) {
            List<Double> rates = run.timing().perSecond();
            Double measured = run.timing().measuredSeconds();
            for (int i = 0; i < rates.size(); i++) {
                // The last one may be shorter than a second.
                moment(out, run, measured == null ? i + 1 : Math.min(i + 1, measured), rates.get(i), null);
            }
            List<TimePoint> points = run.timeline();
            for (int i = 0; i < points.size(); i++) {
                TimePoint now = points.get(i);
                moment(out, run, now.seconds(), Runs.perSecond(points, i, TimePoint::handled), now);
            }
        }
        return out.toString();
    }

    private static void moment(
            StringBuilder out, RunResult run, double seconds, double rate, @Nullable TimePoint point) {
        line(
                out,
                run.id(),
                run.broker(),
                run.arm(),
                run.scenario(),
                run.parameter("variant"),
                String.format(Locale.ROOT, "%.2f", seconds),
                String.format(Locale.ROOT, "%.0f", rate),
                point == null ? null : point.sent(),
                point == null ? null : point.confirmed(),
                point == null ? null : point.handled(),
                point == null ? null : Runs.waiting(point));
    }

    private static void line(StringBuilder out, @Nullable Object... cells) {
        String separator = "";
        for (Object cell : cells) {
            String text = cell == null ? "" : cell.toString();
            out.append(separator).append(text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"');
            separator = ",";
        }
        out.append("\r\n");
    }
}
