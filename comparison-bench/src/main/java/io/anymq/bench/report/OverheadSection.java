package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Texts;
import io.anymq.bench.stats.Interval;
import java.util.List;

/** AnyMQ compared with the raw arm, with intervals and verdicts. */
final class OverheadSection {
    /** How far the track reaches on both sides of 1; the smallest that fits all medians of a broker. */
    private static final List<Integer> REACHES = List.of(2, 5, 20, 100);

    private OverheadSection() {}

    static void write(Html out, Results results) {
        out.paragraph("overhead.intro");
        for (BrokerInfo broker : results.brokers()) {
            List<Comparison> comparisons = results.comparisons().stream()
                    .filter(comparison -> comparison.broker().equals(broker.name()))
                    .toList();
            if (comparisons.isEmpty()) {
                continue;
            }
            out.heading("overhead-" + broker.name(), broker.title());
            Answers.captions(out, results, "overhead", broker.name());
            out.note("raw-arm", broker.rawTitle());
            int reach = reach(comparisons);
            new Table<Comparison>()
                    .name("Figure", Format::metric)
                    .markup(
                            "1/" + reach + " × ← 1 → " + reach + " ×",
                            false,
                            (cell, comparison) -> cell.raw(track(comparison, reach)))
                    .strong("Median", comparison -> Format.ratio(comparison.median()))
                    .number("Interval", Format::interval)
                    .number("Difference", OverheadSection::difference)
                    .number("Pairs", comparison -> "" + comparison.pairs())
                    .markup(
                            "Verdict on AnyMQ",
                            false,
                            (cell, comparison) -> cell.element(
                                    "span class=\"verdict " + Format.word(comparison.verdict()) + "\"",
                                    Format.isNoise(comparison) ? "the noise floor" : Format.verdict(comparison)))
                    .write(out, comparisons);
        }
    }

    private static String difference(Comparison comparison) {
        Interval difference = comparison.difference();
        if (difference == null) {
            return Format.NONE;
        }
        double value = difference.median();
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
        Interval ratio = comparison.ratio();
        if (ratio == null) {
            return "<div class=\"track\"></div>";
        }
        double left = position(ratio.low(), reach);
        return Texts.format(
                "<div class=\"track %s\"><i style=\"left:%.1f%%;width:%.1f%%\"></i><b style=\"left:%.1f%%\"></b></div>",
                Format.word(comparison.verdict()),
                left,
                Math.max(0.5, position(ratio.high(), reach) - left),
                position(ratio.median(), reach));
    }

    private static int reach(List<Comparison> comparisons) {
        double farthest = 1;
        for (Comparison comparison : comparisons) {
            Double median = comparison.median();
            if (median != null && median > 0) {
                farthest = Math.max(farthest, Math.max(median, 1 / median));
            }
        }
        double fits = farthest;
        return REACHES.stream().filter(reach -> fits <= reach).findFirst().orElse(REACHES.get(REACHES.size() - 1));
    }

    private static double position(double ratio, int reach) {
        return 50 + 50 * Math.max(-1, Math.min(1, Math.log(Math.max(ratio, 1e-9)) / Math.log(reach)));
    }
}
