package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The data of the report's charts, as JSON within the page. Stateless. */
final class ChartData {
    /** Points of a curve for each power of ten of rarity. */
    private static final int POINTS_PER_DECADE = 8;

    private ChartData() {}

    // Records, not Map.of, which has another order in each JVM: the same results make the same page.
    private record Charts(
            Map<String, String> titles,
            List<Map<String, Object>> runs,
            Map<String, Timeline> timelines,
            List<Map<String, @Nullable Object>> costs) {}

    private record Timeline(String group, List<List<Number>> points) {}

    /** {@code <} is escaped so that no text can end the element. */
    static String of(Results results) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        for (BrokerInfo broker : results.brokers()) {
            titles.put(broker.name(), broker.title());
        }
        return Json.compact(new Charts(titles, runs(results), timelines(results), costs(results)))
                .replace("<", "\\u003c");
    }

    private static List<Map<String, Object>> runs(Results results) {
        List<Map<String, Object>> runs = new ArrayList<>();
        for (RunResult run : results.runs()) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("id", run.id());
            point.put("broker", run.broker());
            point.put("arm", run.arm());
            point.put("counts", run.counts());
            Double rate = run.rate();
            if (Runs.isClosed(run) && rate != null) {
                point.put("window", run.run().parameters().get("window"));
                point.put("rate", Math.round(rate));
                runs.add(point);
            }
            LatencyMicros latency = run.latency().total();
            if (Runs.isLatency(run) && latency != null && run.counts()) {
                point.put("load", run.run().parameters().get("load"));
                point.put("curve", curve(latency));
                runs.add(point);
            }
        }
        return runs;
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
        for (RunResult run : results.runs()) {
            if (!Runs.isDrawn(run)) {
                continue;
            }
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

    private static List<Map<String, @Nullable Object>> costs(Results results) {
        List<Map<String, @Nullable Object>> costs = new ArrayList<>();
        for (FigureSections.Group row : FigureSections.costs(results)) {
            Map<String, @Nullable Object> cost = new LinkedHashMap<>();
            cost.put("broker", row.broker().name());
            cost.put("arm", row.arm());
            cost.put("client", row.client());
            cost.put("server", row.server());
            costs.add(cost);
        }
        return costs;
    }
}
