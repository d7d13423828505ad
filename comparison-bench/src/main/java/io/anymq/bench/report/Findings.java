package io.anymq.bench.report;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The findings of a scenario's runs, its variants side by side. Stateless. */
final class Findings {
    private static final int MOST_SIDE_BY_SIDE = 4;
    private static final int MOST_COLUMNS = 6;

    private static final Pattern FINDING = Pattern.compile("\\{([^|}]+)\\|([^}]+)}");

    private Findings() {}

    /** {@code peak-shaving} as {@code Peak shaving}. */
    static String title(String scenario) {
        String words = scenario.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** A run's variant for people, and its arm if it is not AnyMQ's. */
    static String variant(RunResult run) {
        String variant = run.parameter("variant");
        String name = variant.isEmpty() ? Format.parameters(run.run().parameters()) : variant;
        return run.arm().equals(BrokerUnderTest.ADAPTER) || name.endsWith("plain client")
                ? name
                : name + " (" + run.arm() + ")";
    }

    /** By finding and variant, each in the order of its first appearance. */
    static Map<String, Set<String>> columns(List<RunResult> runs) {
        Map<String, Set<String>> columns = new LinkedHashMap<>();
        for (RunResult run : runs) {
            Map<String, Double> findings = run.findings();
            if (findings != null) {
                findings.keySet()
                        .forEach(finding -> columns.computeIfAbsent(finding, none -> new LinkedHashSet<>())
                                .add(variant(run)));
            }
        }
        return columns;
    }

    /** The median of what a broker's runs of a variant found; runs that do not count are used only if there is no other. */
    private static @Nullable Double value(List<RunResult> runs, String broker, String finding, String variant) {
        List<RunResult> own = runs.stream()
                .filter(run -> run.broker().equals(broker) && variant(run).equals(variant))
                .toList();
        Double counting =
                Statistics.median(own.stream().filter(RunResult::counts).toList(), run -> run.finding(finding));
        return counting != null ? counting : Statistics.median(own, run -> run.finding(finding));
    }

    private static boolean isFlawed(List<RunResult> runs, String broker, String variant) {
        return runs.stream()
                .anyMatch(run -> run.broker().equals(broker) && variant(run).equals(variant) && run.reason() != null);
    }

    /** The most runs of one variant on one broker. */
    static long repetitions(List<RunResult> runs) {
        return runs.stream()
                .collect(Collectors.groupingBy(run -> run.broker() + " " + variant(run), Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private static Set<String> variants(List<RunResult> runs) {
        return runs.stream().map(Findings::variant).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static Set<String> brokers(List<RunResult> runs) {
        return runs.stream().map(RunResult::broker).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The answers of a scenario, filled in, without those that lack a finding. */
    static String sentence(List<String> answers, List<RunResult> runs) {
        List<String> sentences = new ArrayList<>();
        answers.forEach(answer -> fill(answer, runs).ifPresent(sentences::add));
        runs.stream()
                .filter(run -> run.reason() != null)
                .forEach(run ->
                        sentences.add("On " + run.broker() + " " + variant(run) + " failed: " + run.reason() + "."));
        return String.join(" ", sentences);
    }

    /** Nothing if one of its findings is not there. */
    static Optional<String> fill(String answer, List<RunResult> runs) {
        StringBuilder out = new StringBuilder();
        Matcher finding = FINDING.matcher(answer);
        while (finding.find()) {
            String range = range(runs, finding.group(2), finding.group(1));
            if (range == null) {
                return Optional.empty();
            }
            finding.appendReplacement(out, Matcher.quoteReplacement(range.equals("0") ? "none" : range));
        }
        return Optional.of(finding.appendTail(out).toString());
    }

    private static @Nullable String range(List<RunResult> runs, String finding, String variant) {
        List<Double> values = Statistics.figures(brokers(runs), broker -> value(runs, broker, finding, variant));
        if (values.isEmpty()) {
            return null;
        }
        double low = Collections.min(values);
        double high = Collections.max(values);
        return low == high ? Format.count(low) : Format.count(low) + " to " + Format.count(high);
    }

    /** A row for each broker, with the variants below each finding; with many variants a row for each of them. */
    static void table(Html out, Results results, List<RunResult> runs) {
        long columns = columns(runs).values().stream().mapToLong(Set::size).sum();
        if (variants(runs).size() > MOST_SIDE_BY_SIDE && columns > MOST_COLUMNS) {
            rows(out, results, runs);
        } else {
            sideBySide(out, results, runs);
        }
        for (RunResult run : runs) {
            if (run.reason() != null) {
                out.raw("<p class=\"flaw\">")
                        .text(Format.title(results, run.broker()) + ", " + variant(run) + ": " + run.reason())
                        .raw("</p>");
            }
        }
    }

    private static void rows(Html out, Results results, List<RunResult> runs) {
        record Row(String broker, String variant) {}
        Table<Row> table = new Table<Row>()
                .name("Broker", row -> Format.title(results, row.broker))
                .text("Variant", Row::variant);
        for (String finding : columns(runs).keySet()) {
            table.strong(
                    "",
                    finding,
                    false,
                    row -> isFlawed(runs, row.broker, row.variant),
                    row -> Format.count(value(runs, row.broker, finding, row.variant)));
        }
        table.write(
                out,
                brokers(runs).stream()
                        .flatMap(broker -> variants(runs).stream().map(variant -> new Row(broker, variant)))
                        .toList());
    }

    private static void sideBySide(Html out, Results results, List<RunResult> runs) {
        boolean one = variants(runs).size() == 1;
        Table<String> table = new Table<String>().name("Broker", broker -> Format.title(results, broker));
        columns(runs)
                .forEach((finding, variants) -> variants.forEach(variant -> table.strong(
                        one ? "" : finding,
                        one ? finding : variant,
                        variant.equals(variants.iterator().next()),
                        broker -> isFlawed(runs, broker, variant),
                        broker -> Format.count(value(runs, broker, finding, variant)))));
        table.write(out, brokers(runs));
    }
}
