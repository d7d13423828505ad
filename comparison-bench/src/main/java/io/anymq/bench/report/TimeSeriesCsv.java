package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.TimePoint;
import java.util.List;
import java.util.Locale;

/**
 * What happened when, a line for each moment of a run, as RFC 4180 wants it: messages handled per second in every measured
 * second, and for demonstrations over time how far sending, confirming and handling were. Stateless.
 */
public final class TimeSeriesCsv {
    private static final String HEAD =
            "id,broker,arm,scenario,variant,seconds,messagesPerSecond,sent,confirmed,handled,waiting";

    private TimeSeriesCsv() {}

    /** The whole file. */
    public static String render(Results results) {
        StringBuilder out = new StringBuilder(HEAD).append("\r\n");
        for (RunResult run : results.runs()) {
            perSecond(out, run);
            timeline(out, run);
        }
        return out.toString();
    }

    private static void perSecond(StringBuilder out, RunResult run) {
        List<Double> rates = run.perSecond();
        Double measured = run.measuredSeconds();
        for (int i = 0; i < rates.size(); i++) {
            // The last one may be shorter than a second.
            double end = measured == null ? i + 1 : Math.min(i + 1, measured);
            line(out, run, end, rates.get(i), ",,,");
        }
    }

    private static void timeline(StringBuilder out, RunResult run) {
        List<TimePoint> points = run.timeline();
        for (int i = 0; i < points.size(); i++) {
            TimePoint now = points.get(i);
            TimePoint before = Timelines.aSecondBefore(points, i);
            String counts = now.sent() + "," + now.confirmed() + "," + now.handled() + "," + Timelines.waiting(now);
            line(out, run, now.seconds(), Timelines.perSecond(before.handled(), now.handled(), before, now), counts);
        }
    }

    private static void line(StringBuilder out, RunResult run, double seconds, double rate, String counts) {
        Object variant = run.parameters().get("variant");
        out.append(Csv.cell(run.id())).append(',');
        out.append(Csv.cell(run.broker())).append(',');
        out.append(Csv.cell(run.arm())).append(',');
        out.append(Csv.cell(run.scenario())).append(',');
        out.append(Csv.cell(variant)).append(',');
        out.append(String.format(Locale.ROOT, "%.2f,%.0f,", seconds, rate));
        out.append(counts).append("\r\n");
    }
}
