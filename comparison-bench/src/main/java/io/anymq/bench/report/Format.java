package io.anymq.bench.report;

import static io.anymq.bench.result.Texts.format;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.CapacityScenarios;
import io.anymq.bench.stats.Interval;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures for people. A dash means not measured, never 0. Stateless. */
final class Format {
    static final String NONE = "–";
    private static final Map<String, String> SHORT = Map.of("messagesPerSecond", "rate", "inFlight", "in flight");

    private Format() {}

    /** In the first unit whose least size it has; {@code units} are least size, divisor and format, largest first. */
    private static String of(@Nullable Double value, Object... units) {
        if (value == null) {
            return NONE;
        }
        int unit = 0;
        while (unit < units.length - 3 && Math.abs(value) < ((Number) units[unit]).doubleValue()) {
            unit += 3;
        }
        return format(String.valueOf(units[unit + 2]), value / ((Number) units[unit + 1]).doubleValue());
    }

    /** Three significant digits at most: more would claim a precision that is not there. */
    static String count(@Nullable Double value) {
        boolean rough = value != null && Math.abs(value) >= 10_000 && Math.abs(value) < 1_000_000;
        Double shown = rough && value != null ? Double.valueOf(Math.round(value / 100) * 100.0) : value;
        String small = value != null && value == Math.rint(value) ? "%,.0f" : "%.1f";
        return of(shown, 1e7, 1e6, "%.1f M", 1e6, 1e6, "%.2f M", 100, 1, "%,.0f", 0, 1, small);
    }

    /** Such as "1 run" or "14 runs". */
    static String counted(long count, String noun) {
        return whole(count) + " " + noun + (count == 1 ? "" : "s");
    }

    static String whole(long value) {
        return format("%,d", value);
    }

    static String micros(@Nullable Double value) {
        return of(
                value, 999_950, 1e6, "%.2f s", 1e4, 1e3, "%.1f ms", 1e3, 1e3, "%.2f ms", 100, 1, "%.0f µs", 0, 1,
                "%.1f µs");
    }

    static String ratio(@Nullable Double value) {
        return of(value, 10, 1, "%.1f ×", 0, 1, "%.2f ×");
    }

    static String bytes(@Nullable Number value) {
        Double bytes = value == null ? null : (Double) value.doubleValue();
        return of(bytes, 1L << 30, 1L << 30, "%.1f GiB", 1L << 20, 1L << 20, "%.0f MiB", 0, 1, "%,.0f B");
    }

    static String seconds(@Nullable Double value) {
        return value == null ? NONE : format("%.2f s", value);
    }

    static String percent(double share) {
        return format("%.1f %%", share * 100);
    }

    /** The interval of a comparison's ratio, such as {@code 0.94 – 1.01 ×}. */
    static String interval(Comparison comparison) {
        Interval ratio = comparison.ratio();
        // A single pair has no interval: one that starts where it ends would look like certainty.
        return ratio == null || comparison.pairs() < 2 ? NONE : format("%.2f – %.2f ×", ratio.low(), ratio.high());
    }

    static String parameters(Map<String, Object> parameters) {
        return parameters.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("payloadBytes"))
                .map(entry -> SHORT.getOrDefault(entry.getKey(), entry.getKey()) + " " + value(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String value(Object value) {
        return value instanceof Number number && !(value instanceof Integer)
                ? count(number.doubleValue())
                : String.valueOf(value);
    }

    /** A broker's name for people. */
    static String title(Results results, String broker) {
        return results.brokers().stream()
                .filter(each -> each.name().equals(broker))
                .map(BrokerInfo::title)
                .findFirst()
                .orElse(broker);
    }

    static boolean isNoise(Comparison comparison) {
        return comparison.metric().startsWith(CapacityScenarios.NOISE);
    }

    /** A metric's name for people. */
    static String metric(Comparison comparison) {
        boolean noise = isNoise(comparison);
        return (noise ? "Noise of " : "")
                + Texts.of("metric." + comparison.metric().substring(noise ? CapacityScenarios.NOISE.length() : 0))
                + Stream.of("load", "size")
                        .filter(comparison.parameters()::containsKey)
                        .map(name -> " " + comparison.parameters().get(name))
                        .collect(Collectors.joining());
    }

    /** The word of an enumeration, as in texts and style sheet. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A verdict in the words of its metric. */
    static String verdict(Comparison comparison) {
        String cost = comparison.metric().endsWith("per-message") ? ".cost" : "";
        return Texts.of("verdict." + word(comparison.verdict()) + cost);
    }
}
