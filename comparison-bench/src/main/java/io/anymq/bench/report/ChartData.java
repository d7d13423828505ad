package io.anymq.bench.report;

import io.anymq.bench.result.Json;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.TimePoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The data of the report's charts, as JSON within the page. Stateless. */
final class ChartData {
    /** Points of a curve for each power of ten of rarity. */
    private static final int POINTS_PER_DECADE = 8;

    private ChartData() {}

    /** {@code <} is escaped so that no text can end the element. */
    static String of(Results results) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        results.brokers().forEach(broker -> titles.put(broker.name(), broker.title()));
        List<Map<String, Object>> costs = FigureSections.costs(results).stream()
                .map(row -> map(
                        "broker",
                        row.broker().name(),
                        "arm",
                        row.arm(),
                        "client",
                        row.client(),
                        "server",
                        row.server()))
                .toList();
        return Json.compact(
                        map("titles", titles, "runs", dots(results), "timelines", timelines(results), "costs", costs))
                .replace("<", "\\u003c");
    }

    /** In this order, unlike Map.of, so that the same results make the same page; without what is null. */
    private static Map<String, Object> map(@Nullable Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                map.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return map;
    }

    /** The dots of the throughput charts, and the curves of the latency charts. */
    private static List<Map<String, Object>> dots(Results results) {
        List<Map<String, Object>> dots = new ArrayList<>();
        for (RunResult run : results.runs()) {
            Double rate = run.rate();
            if (Runs.isClosed(run) && rate != null) {
                dots.add(dot(run, "window", "rate", Math.round(rate)));
            }
            LatencyMicros latency = run.latency().total();
            if (Runs.isLatency(run) && latency != null && run.counts()) {
                latency.decoded().ifPresent(nanos -> dots.add(dot(run, "load", "curve", curve(nanos))));
            }
        }
        return dots;
    }

    private static Map<String, Object> dot(RunResult run, String parameter, String name, Object value) {
        Object group = run.run().parameters().get(parameter);
        Object[] about = {"id", run.id(), "broker", run.broker(), "arm", run.arm(), "counts", run.counts()};
        Map<String, Object> dot = map(about);
        dot.putAll(map(parameter, group, name, value));
        return dot;
    }

    /** Pairs of rarity (10 for the slowest of 10, so p90) and microseconds, up to the slowest of all. */
    static List<List<Double>> curve(Histogram nanos) {
        List<List<Double>> points = new ArrayList<>();
        double samples = nanos.getTotalCount();
        for (int i = 0; Math.pow(10, (double) i / POINTS_PER_DECADE) < samples; i++) {
            double rarity = Math.pow(10, (double) i / POINTS_PER_DECADE);
            points.add(point(rarity, nanos.getValueAtPercentile(100 * (1 - 1 / rarity))));
        }
        points.add(point(samples, nanos.getMaxValue()));
        return points;
    }

    private static List<Double> point(double rarity, long nanos) {
        double micros = nanos / 1_000.0;
        // A logarithmic axis has no zero.
        return List.of(Math.round(rarity * 100) / 100.0, Math.max(0.1, Math.round(micros * 10) / 10.0));
    }

    /** For each moment: seconds; sent, confirmed and handled per second; and how many wait. */
    private static Map<String, Object> timelines(Results results) {
        Map<String, Object> timelines = new LinkedHashMap<>();
        for (RunResult run : Runs.of(results, Runs::isDrawn)) {
            List<List<Number>> points = new ArrayList<>();
            for (int i = 0; i < run.timeline().size(); i++) {
                TimePoint now = run.timeline().get(i);
                points.add(List.of(
                        now.seconds(),
                        Math.round(Runs.perSecond(run.timeline(), i, TimePoint::sent)),
                        Math.round(Runs.perSecond(run.timeline(), i, TimePoint::confirmed)),
                        Math.round(Runs.perSecond(run.timeline(), i, TimePoint::handled)),
                        Runs.waiting(now)));
            }
            timelines.put(run.id(), map("group", run.scenario() + " " + run.broker(), "points", points));
        }
        return timelines;
    }
}
