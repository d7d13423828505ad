package io.anymq.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.TimePoint;
import io.anymq.bench.result.Texts;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The results as tables for other programs, as RFC 4180 defines them. Stateless. */
final class Csv {
    /** The columns of runs.csv: fields of {@link RunResult} by their JSON path, whose last part is the heading. */
    private static final List<String> RUN = List.of("""
            /run/id /run/broker /run/arm /run/scenario /run/parameters /startedAt /timing/messagesPerSecond
            /latency/total/p50 /latency/total/p90 /latency/total/p99 /latency/total/p999 /latency/total/max
            /messages/sent /messages/confirmed /messages/received /messages/lost /messages/duplicates /messages/orderBreaks
            /messages/foreign /messages/sendFailures /timing/measuredSeconds /usage/client/cpuSeconds
            /usage/client/compilerSeconds /usage/brokerCpuSeconds /usage/brokerWrittenBytes /usage/stolenSeconds
            /usage/client/allocatedBytesPerMessage /usage/client/residentBytes /usage/brokerResidentBytes /reason""".split("\\s+"));

    private static final String MOMENT =
            "id,broker,arm,scenario,variant,seconds,messagesPerSecond,sent,confirmed,handled,waiting\r\n";

    private Csv() {}

    /** A line for each run. */
    static String runs(Results results) {
        StringBuilder out = new StringBuilder();
        line(out, RUN.stream().map(Csv::heading));
        for (RunResult run : results.runs()) {
            JsonNode tree = Json.tree(run);
            line(out, RUN.stream().map(path -> text(tree.at(path))));
        }
        return out.toString();
    }

    private static String heading(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.contains("/latency/") ? name + "Micros" : name;
    }

    private static String text(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(field -> field.getKey() + "=" + field.getValue().asText())
                    .collect(Collectors.joining(";"));
        }
        return node.isNull() ? "" : node.asText();
    }

    /**
     * A line for each moment of a run: messages handled per second in every measured second, and for demonstrations over time how
     * many were sent, confirmed and handled.
     */
    static String timeSeries(Results results) {
        StringBuilder out = new StringBuilder(MOMENT);
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
        Stream<String> cells = Stream.of(
                run.id(),
                run.broker(),
                run.arm(),
                run.scenario(),
                run.parameter("variant"),
                Texts.format("%.2f", seconds),
                Texts.format("%.0f", rate));
        Stream<Object> counts = point == null
                ? Stream.of("", "", "", "")
                : Stream.of(point.sent(), point.confirmed(), point.handled(), Runs.waiting(point));
        line(out, Stream.concat(cells, counts.map(String::valueOf)));
    }

    private static void line(StringBuilder out, Stream<String> cells) {
        out.append(cells.map(text -> text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"')
                        .collect(Collectors.joining(",")))
                .append("\r\n");
    }
}
