package io.anymq.bench.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.anymq.bench.result.BrokerInfo;
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

    // Records, not Map.of, which has another order in each JVM: the same results make the same page.

    private record Charts(
            Map<String, String> titles, List<Dot> runs, Map<String, Timeline> timelines, List<Cost> costs) {}

    /** A dot of a throughput chart, or a curve of a latency chart. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Dot(
            String id,
            String broker,
            String arm,
            boolean counts,
            @Nullable Object window,
            @Nullable Long rate,
            @Nullable Object load,
            @Nullable List<List<Double>> curve) {
        static Dot of(RunResult run, @Nullable Long rate, @Nullable List<List<Double>> curve) {
            Map<String, Object> parameters = run.run().parameters();
            return new Dot(
                    run.id(),
                    run.broker(),
                    run.arm(),
                    run.counts(),
                    rate == null ? null : parameters.get("window"),
                    rate,
                    curve == null ? null : parameters.get("load"),
                    curve);
        }
    }

    private record Timeline(String group, List<List<Number>> points) {}

    private record Cost(
            String broker,
            String arm,
            @Nullable Double client,
            @Nullable Double server) {}

    /** {@code <} is escaped so that no text can end the element. */
    static String of(Results results) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        for (BrokerInfo broker : results.brokers()) {
            titles.put(broker.name(), broker.title());
        }
        List<Cost> costs = FigureSections.costs(results).stream()
                .map(row -> new Cost(row.broker().name(), row.arm(), row.client(), row.server()))
                .toList();
        return Json.compact(new Charts(titles, dots(results), timelines(results), costs))
                .replace("<", "\\u003c");
    }

    private static List<Dot> dots(Results results) {
        List<Dot> dots = new ArrayList<>();
        for (RunResult run : results.runs()) {
            Double rate = run.rate();
            if (Runs.isClosed(run) && rate != null) {
                dots.add(Dot.of(run, Math.round(rate), null));
            }
            LatencyMicros latency = run.latency().total();
            if (Runs.isLatency(run) && latency != null && run.counts()) {
                dots.add(Dot.of(run, null, curve(latency)));
            }
        }
        return dots;
    }

    /** Pairs of rarity (10 for the slowest of 10, so p90) and microseconds, up to the slowest of all. */
    static List<List<Double>> curve(LatencyMicros latency) {
        return latency.decoded().map(histogram -> curve(histogram)).orElseGet(() -> {
            List<List<Double>> points = new ArrayList<>();
            points.add(List.of(2.0, latency.p50()));
            double[] known = {latency.p90(), latency.p99(), latency.p999()};
            for (int i = 0; i < known.length && Math.pow(10, i + 1) <= latency.samples(); i++) {
                points.add(List.of(Math.pow(10, i + 1), known[i]));
            }
            return points;
        });
    }

    private static List<List<Double>> curve(Histogram nanos) {
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
    private static Map<String, Timeline> timelines(Results results) {
        Map<String, Timeline> timelines = new LinkedHashMap<>();
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
            timelines.put(run.id(), new Timeline(run.scenario() + " " + run.broker(), points));
        }
        return timelines;
    }
}
