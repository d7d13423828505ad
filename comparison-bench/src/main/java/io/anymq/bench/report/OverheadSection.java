package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.scenario.NoiseFloor;
import java.util.List;
import java.util.Locale;

/** AnyMQ against the raw arm, with intervals and verdicts. */
final class OverheadSection implements Section {
    /** How far the track reaches to both sides of 1; the smallest that takes all medians of a broker. */
    private static final List<Integer> REACHES = List.of(2, 5, 20, 100);

    @Override
    public String id() {
        return "overhead";
    }

    @Override
    public String title() {
        return "AnyMQ against the raw arm";
    }

    @Override
    public void write(Html out, Results results) {
        out.raw("<p>")
                .text(
                        "What does AnyMQ cost over the vendor's plain client with the same promises? Ratio AnyMQ / raw, from runs made in pairs. The dot is the median, the bar the interval that holds"
                                + " the true median (sign test; 6 pairs give 96.9 %), the line in the middle is 1: no difference; the scale is logarithmic."
                                + " With fewer than 6 pairs there is no verdict. Noise is the plain client against itself: where it was"
                                + " measured, nothing within its bar is called faster or slower. A row with a stroke sets AnyMQ against itself,"
                                + " with a policy and without.")
                .raw("</p>");
        for (BrokerInfo broker : results.brokers()) {
            List<Comparison> comparisons = results.comparisons().stream()
                    .filter(comparison -> comparison.broker().equals(broker.name()))
                    .toList();
            if (comparisons.isEmpty()) {
                continue;
            }
            Captions.heading(out, id(), broker.name(), broker.title());
            Captions.write(out, results, id(), broker.name());
            out.element("p class=\"muted\"", "Raw arm: " + broker.rawTitle() + ".");
            int reach = reach(comparisons);
            out.head(
                    "Figure",
                    "1/" + reach + " × ← 1 → " + reach + " ×",
                    "#Median",
                    "#Interval",
                    "#Difference",
                    "#Pairs",
                    "Verdict on AnyMQ");
            comparisons.forEach(comparison -> row(out, comparison, reach));
            out.foot();
        }
    }

    private static void row(Html out, Comparison comparison, int reach) {
        out.raw("<tr>")
                .element("th scope=\"row\"", Format.metric(comparison))
                .raw("<td>" + track(comparison, reach) + "</td>")
                .element("td class=\"n strong\"", Format.ratio(comparison.median()))
                .element("td class=\"n\"", Format.interval(comparison))
                .element("td class=\"n\"", difference(comparison))
                .element("td class=\"n\"", "" + comparison.pairs())
                .raw("<td>")
                .element(
                        "span class=\"verdict " + comparison.verdict().name().toLowerCase(Locale.ROOT) + "\"",
                        comparison.metric().startsWith(NoiseFloor.PREFIX)
                                ? "the noise floor"
                                : Format.verdict(comparison))
                .raw("</td></tr>");
    }

    private static String difference(Comparison comparison) {
        Double value = comparison.differenceMedian();
        if (value == null) {
            return Format.NONE;
        }
        String sign = value > 0 ? "+" : value < 0 ? "−" : "±";
        double size = Math.abs(value);
        String metric = comparison.metric();
        if (metric.endsWith("throughput")) {
            return sign + Format.count(size) + " msg/s";
        }
        if (metric.endsWith("allocated-per-message")) {
            return sign + Format.count(size) + " B";
        }
        // Pauses are in seconds, everything else that takes time in microseconds.
        return sign + (metric.endsWith("pause") ? Format.count(size) + " s" : Format.micros(size));
    }

    private static String track(Comparison comparison, int reach) {
        Double low = comparison.min();
        Double high = comparison.max();
        Double median = comparison.median();
        if (low == null || high == null || median == null) {
            return "<div class=\"track\"></div>";
        }
        double left = position(low, reach);
        double right = position(high, reach);
        return String.format(
                Locale.ROOT,
                "<div class=\"track %s\"><i style=\"left:%.1f%%;width:%.1f%%\"></i><b style=\"left:%.1f%%\"></b></div>",
                comparison.verdict().name().toLowerCase(Locale.ROOT),
                left,
                Math.max(0.5, right - left),
                position(median, reach));
    }

    private static int reach(List<Comparison> comparisons) {
        double farthest = 1;
        for (Comparison comparison : comparisons) {
            Double median = comparison.median();
            if (median != null && median > 0) {
                farthest = Math.max(farthest, Math.max(median, 1 / median));
            }
        }
        for (int reach : REACHES) {
            if (farthest <= reach) {
                return reach;
            }
        }
        return REACHES.get(REACHES.size() - 1);
    }

    private static double position(double ratio, int reach) {
        double clamped = Math.max(-1, Math.min(1, Math.log(Math.max(ratio, 1e-9)) / Math.log(reach)));
        return 50 + 50 * clamped;
    }
}
