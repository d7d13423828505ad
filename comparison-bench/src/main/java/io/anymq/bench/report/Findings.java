package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the runs of a demonstration counted, its variants side by side. Stateless. */
final class Findings {
    private Findings() {}

    /** The runs of a demonstration, in order. */
    static List<RunResult> of(Results results, String scenario) {
        return results.runs().stream()
                .filter(run -> run.scenario().equals(scenario) && run.findings() != null)
                .toList();
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
        return run.arm().equals("adapter") ? name : name + " (" + run.arm() + ")";
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

    /** What a broker's run of that variant found; null if there is none. */
    static @Nullable RunResult run(List<RunResult> runs, String broker, String variant) {
        return runs.stream()
                .filter(run -> run.broker().equals(broker) && variant(run).equals(variant))
                .findFirst()
                .orElse(null);
    }

    /** Such as "Messages out of order – unordered: 21 to 288; per key: 0." */
    static String sentence(List<RunResult> runs) {
        StringBuilder out = new StringBuilder();
        boolean one = hasOneWay(runs);
        columns(runs).forEach((finding, variants) -> {
            List<String> parts = new ArrayList<>();
            for (String variant : variants) {
                parts.add((one ? "" : variant + ": ") + range(runs, finding, variant));
            }
            out.append(out.isEmpty() ? "" : " ")
                    .append(Character.toUpperCase(finding.charAt(0)))
                    .append(finding.substring(1))
                    .append(one ? ": " : " – ")
                    .append(String.join("; ", parts))
                    .append('.');
        });
        runs.stream()
                .filter(run -> run.reason() != null)
                .forEach(run -> out.append(" On ")
                        .append(run.broker())
                        .append(' ')
                        .append(variant(run))
                        .append(" failed: ")
                        .append(run.reason())
                        .append('.'));
        return out.toString();
    }

    private static boolean hasOneWay(List<RunResult> runs) {
        return runs.stream().map(Findings::variant).distinct().count() == 1;
    }

    private static String range(List<RunResult> runs, String finding, String variant) {
        List<Double> values = new ArrayList<>();
        for (RunResult run : runs) {
            Map<String, Double> findings = run.findings();
            if (findings != null && variant(run).equals(variant) && findings.containsKey(finding)) {
                values.add(findings.get(finding));
            }
        }
        double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return low == high ? Format.count(low) : Format.count(low) + " to " + Format.count(high);
    }

    /** A row for each broker; below each finding its variants, the trouble first. */
    static void table(Html out, Results results, List<RunResult> runs) {
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
        Set<String> brokers = runs.stream().map(RunResult::broker).collect(Collectors.toCollection(LinkedHashSet::new));
        for (String broker : brokers) {
            out.raw("<tr>").element("th scope=\"row\"", Format.title(results, broker));
            columns.forEach((finding, variants) -> forEach(variants, (variant, first) -> {
                RunResult run = run(runs, broker, variant);
                Map<String, Double> findings = run == null ? null : run.findings();
                boolean flawed = run != null && run.reason() != null;
                out.element(
                        "td class=\"n strong" + (first ? " group" : "") + (flawed ? " flaw" : "") + "\"",
                        Format.count(findings == null ? null : findings.get(finding)));
            }));
            out.raw("</tr>");
        }
        out.foot();
        for (RunResult run : runs) {
            if (run.reason() != null) {
                out.raw("<p class=\"flaw\">")
                        .text(Format.title(results, run.broker()) + ", " + variant(run) + ": " + run.reason())
                        .raw("</p>");
            }
        }
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
