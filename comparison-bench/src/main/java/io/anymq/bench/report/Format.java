package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.NoiseFloor;
import io.anymq.bench.stats.Interval;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures for people. A dash means not measured, never 0. Stateless. */
final class Format {
    static final String NONE = "–";

    private Format() {}

    /** Three significant digits at most: more would claim a precision that is not there. */
    static String count(@Nullable Double value) {
        if (value == null) {
            return NONE;
        }
        double size = Math.abs(value);
        if (size >= 1_000_000) {
            return String.format(Locale.ROOT, size >= 10_000_000 ? "%.1f M" : "%.2f M", value / 1_000_000);
        }
        if (size >= 10_000) {
            return String.format(Locale.ROOT, "%,.0f", Math.round(value / 100) * 100.0);
        }
        return String.format(Locale.ROOT, size >= 100 || value == Math.rint(value) ? "%,.0f" : "%.1f", value);
    }

    /** Such as "1 run" or "14 runs". */
    static String counted(long count, String noun) {
        return whole(count) + " " + noun + (count == 1 ? "" : "s");
    }

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String micros(@Nullable Double value) {
        if (value == null) {
            return NONE;
        }
        if (value >= 999_950) {
            return String.format(Locale.ROOT, "%.2f s", value / 1_000_000);
        }
        if (value >= 10_000) {
            return String.format(Locale.ROOT, "%.1f ms", value / 1_000);
        }
        if (value >= 1_000) {
            return String.format(Locale.ROOT, "%.2f ms", value / 1_000);
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f µs" : "%.1f µs", value);
    }

    static String ratio(@Nullable Double value) {
        if (value == null) {
            return NONE;
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f ×" : "%.2f ×", value);
    }

    static String bytes(@Nullable Long value) {
        if (value == null) {
            return NONE;
        }
        if (value >= 1L << 30) {
            return String.format(Locale.ROOT, "%.1f GiB", value / (double) (1L << 30));
        }
        return value >= 1L << 20
                ? String.format(Locale.ROOT, "%.0f MiB", value / (double) (1L << 20))
                : whole(value) + " B";
    }

    static String seconds(@Nullable Double value) {
        return value == null ? NONE : String.format(Locale.ROOT, "%.2f s", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /** The interval of a comparison's ratio, such as {@code 0.94 – 1.01 ×}. */
    static String interval(Comparison comparison) {
        Interval ratio = comparison.ratio();
        // A single pair has no interval: one that starts where it ends would look like certainty.
        return ratio == null || comparison.pairs() < 2
                ? NONE
                : String.format(Locale.ROOT, "%.2f – %.2f ×", ratio.low(), ratio.high());
    }

    static String parameters(Map<String, Object> parameters) {
        return parameters.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("payloadBytes"))
                .map(entry -> name(entry.getKey()) + " " + value(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String name(String key) {
        return switch (key) {
            case "messagesPerSecond" -> "rate";
            case "serviceMillis" -> "service ms";
            case "inFlight" -> "in flight";
            default -> key;
        };
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

    /** A metric's name for people. */
    static String metric(Comparison comparison) {
        if (comparison.metric().startsWith(NoiseFloor.PREFIX)) {
            return "Noise of " + metric(comparison.metric().substring(NoiseFloor.PREFIX.length()), comparison);
        }
        return metric(comparison.metric(), comparison);
    }

    private static String metric(String metric, Comparison comparison) {
        String text = Texts.of("metric." + metric);
        return text
                + Stream.of("load", "size")
                        .filter(comparison.parameters()::containsKey)
                        .map(name -> " " + comparison.parameters().get(name))
                        .collect(Collectors.joining());
    }

    /** A verdict in the words of its metric. */
    static String verdict(Comparison comparison) {
        boolean cost = comparison.metric().endsWith("per-message");
        return switch (comparison.verdict()) {
            case FASTER -> cost ? "cheaper" : "faster";
            case SLOWER -> cost ? "more expensive" : "slower";
            case INDISTINGUISHABLE -> "indistinguishable";
            case INSUFFICIENT -> "insufficient";
        };
    }
}
