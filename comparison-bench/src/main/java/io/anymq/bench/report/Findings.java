package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
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

/** What the runs of a demonstration counted, its variants side by side. Stateless. */
final class Findings {
    private static final int MOST_SIDE_BY_SIDE = 4;
    private static final int MOST_COLUMNS = 6;

    /** More figures than that in a row are read by nobody. */
    private static final int MOST_IN_A_SENTENCE = 8;

    private static final Pattern FINDING = Pattern.compile("\\{([^|}]+)\\|([^}]+)}");

    private Findings() {}

    /** The runs of a demonstration, in order. */
    static List<RunResult> of(Results results, String scenario) {
        return results.runs().stream()
                .filter(run -> run.scenario().equals(scenario) && run.findings() != null)
                .toList();
    }

    /** A scenario by itself: heading, caption, table. */
    static void write(Html out, Results results, String scenario, List<RunResult> runs) {
        out.raw("<h3 id=\"" + scenario + "\">").text(title(scenario)).raw("</h3>");
        Captions.write(out, results, scenario, "");
        table(out, results, runs);
    }

    /** {@code peak-shaving} as {@code Peak shaving}. */
    static String title(String scenario) {
        String words = scenario.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** How a run was made, for people: its variant, and the arm where it is not AnyMQ's. */
    static String variant(RunResult run) {
        Object variant = run.parameters().get("variant");
        String name = variant == null ? Format.parameters(run.parameters()) : variant.toString();
        return run.arm().equals("adapter") || name.endsWith("plain client") ? name : name + " (" + run.arm() + ")";
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

    /** The median of what a broker's runs of a variant found; those that do not count only where no other is there. */
    private static @Nullable Double value(List<RunResult> runs, String broker, String finding, String variant) {
        List<Double> counting = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (RunResult run : runs) {
            Map<String, Double> findings = run.findings();
            Double value = findings == null ? null : findings.get(finding);
            if (value != null && run.broker().equals(broker) && variant(run).equals(variant)) {
                (run.counts() ? counting : others).add(value);
            }
        }
        List<Double> values = counting.isEmpty() ? others : counting;
        return values.isEmpty() ? null : (Double) Statistics.median(values);
    }

    private static boolean isFlawed(List<RunResult> runs, String broker, String variant) {
        return runs.stream()
                .anyMatch(run -> run.broker().equals(broker) && variant(run).equals(variant) && run.reason() != null);
    }

    /** How often each way was gone on a broker, at most. */
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

    /** A scenario's own sentences; where it has none, such as "Messages out of order – unordered: 21 to 288; per key: 0." */
    static String sentence(Scenario scenario, List<RunResult> runs) {
        List<String> sentences = new ArrayList<>();
        for (String answer : scenario.answers()) {
            fill(answer, runs).ifPresent(sentences::add);
        }
        if (sentences.isEmpty()) {
            sentences.addAll(lists(runs));
        }
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

    private static List<String> lists(List<RunResult> runs) {
        boolean one = hasOneWay(runs);
        // With many ways the first findings say it; the table has the rest.
        int findings =
                Math.max(1, MOST_IN_A_SENTENCE / Math.max(1, variants(runs).size()));
        List<String> sentences = new ArrayList<>();
        columns(runs).entrySet().stream().limit(findings).forEach(column -> {
            String finding = column.getKey();
            List<String> parts = new ArrayList<>();
            for (String variant : column.getValue()) {
                parts.add((one ? "" : variant + ": ") + range(runs, finding, variant));
            }
            sentences.add(Character.toUpperCase(finding.charAt(0)) + finding.substring(1) + (one ? ": " : " – ")
                    + String.join("; ", parts) + ".");
        });
        return sentences;
    }

    private static boolean hasOneWay(List<RunResult> runs) {
        return variants(runs).size() == 1;
    }

    private static @Nullable String range(List<RunResult> runs, String finding, String variant) {
        List<Double> values = new ArrayList<>();
        for (String broker : brokers(runs)) {
            Double value = value(runs, broker, finding, variant);
            if (value != null) {
                values.add(value);
            }
        }
        if (values.isEmpty()) {
            return null;
        }
        double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return low == high ? Format.count(low) : Format.count(low) + " to " + Format.count(high);
    }

    /** A row for each broker, below each finding its variants, the trouble first; with many variants a row for each. */
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
        Set<String> findings = columns(runs).keySet();
        List<String> head = new ArrayList<>(List.of("Broker", "Way"));
        findings.forEach(finding -> head.add("#" + finding));
        out.head(head.toArray(String[]::new));
        for (String broker : brokers(runs)) {
            for (String variant : variants(runs)) {
                out.raw("<tr>")
                        .element("th scope=\"row\"", Format.title(results, broker))
                        .element("td", variant);
                for (String finding : findings) {
                    cell(out, runs, broker, finding, variant, false);
                }
                out.raw("</tr>");
            }
        }
        out.foot();
    }

    private static void cell(
            Html out, List<RunResult> runs, String broker, String finding, String variant, boolean group) {
        out.element(
                "td class=\"n strong" + (group ? " group" : "") + (isFlawed(runs, broker, variant) ? " flaw" : "")
                        + "\"",
                Format.count(value(runs, broker, finding, variant)));
    }

    private static void sideBySide(Html out, Results results, List<RunResult> runs) {
        Map<String, Set<String>> columns = columns(runs);
        boolean one = hasOneWay(runs);
        out.raw("<div class=\"scroll\"><table class=\"pairs\"><thead><tr>")
                .element("th scope=\"col\" rowspan=\"" + (one ? 1 : 2) + "\"", "Broker");
        columns.forEach((finding, variants) -> out.element(
                one
                        ? "th class=\"n group\" scope=\"col\""
                        : "th class=\"group\" scope=\"colgroup\" colspan=\"" + variants.size() + "\"",
                finding));
        if (!one) {
            out.raw("</tr><tr>");
            columns.values()
                    .forEach(variants -> forEach(
                            variants,
                            (variant, first) -> out.element(
                                    "th class=\"n" + (first ? " group" : "") + "\" scope=\"col\"", variant)));
        }
        out.raw("</tr></thead><tbody>");
        for (String broker : brokers(runs)) {
            out.raw("<tr>").element("th scope=\"row\"", Format.title(results, broker));
            columns.forEach((finding, variants) ->
                    forEach(variants, (variant, first) -> cell(out, runs, broker, finding, variant, first)));
            out.raw("</tr>");
        }
        out.foot();
    }

    private interface Each {
        void of(String variant, boolean first);
    }

    private static void forEach(Set<String> variants, Each each) {
        boolean first = true;
        for (String variant : variants) {
            each.of(variant, first);
            first = false;
        }
    }
}
