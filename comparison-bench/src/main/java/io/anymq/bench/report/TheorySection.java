package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What queues and policies are for: the trouble beside the cure, counted, on every broker. */
final class TheorySection implements Section {
    @Override
    public String id() {
        return "theory";
    }

    @Override
    public String title() {
        return "The trouble and the cure";
    }

    @Override
    public void write(Html out, Results results) {
        List<RunResult> all =
                results.runs().stream().filter(run -> run.findings() != null).toList();
        if (all.isEmpty()) {
            out.element("p", "Not part of this comparison; the quick and full profiles hold it.");
            return;
        }
        out.element(
                "p",
                "The same work once without and once with what a message queue or a policy gives. These are counts of what"
                        + " went right and wrong, not speeds: they hold on a busy machine as well.");
        for (Scenario scenario : Scenarios.all()) {
            List<RunResult> runs = all.stream()
                    .filter(run -> run.scenario().equals(scenario.name()))
                    .toList();
            if (!runs.isEmpty()) {
                table(out, results, scenario, runs);
            }
        }
    }

    private static void table(Html out, Results results, Scenario scenario, List<RunResult> runs) {
        Set<String> columns = new LinkedHashSet<>();
        for (RunResult run : runs) {
            Map<String, Double> findings = run.findings();
            if (findings != null) {
                columns.addAll(findings.keySet());
            }
        }
        out.raw("<h3 id=\"" + scenario.name() + "\">")
                .text(title(scenario.name()))
                .raw("</h3>");
        out.element("p", scenario.claim());
        List<String> head = new java.util.ArrayList<>(List.of("Broker", "Way"));
        columns.forEach(column -> head.add("#" + column));
        out.head(head.toArray(String[]::new));
        for (RunResult run : runs) {
            row(out, run, title(results, run.broker()), columns);
        }
        out.foot();
        for (BrokerInfo broker : results.brokers()) {
            boolean drawn = runs.stream()
                    .anyMatch(run ->
                            run.broker().equals(broker.name()) && run.timeline().size() > 1 && run.sent() > 0);
            if (drawn) {
                out.raw("<div class=\"chart\" style=\"height:260px\"><canvas role=\"img\" aria-label=\"")
                        .text(title(scenario.name()) + " on " + broker.title()
                                + " over time; the table above holds the figures")
                        .raw("\" data-chart=\"timeline\" data-scenario=\"" + scenario.name() + "\" data-title=\"")
                        .text(broker.title())
                        .raw("\" data-broker=\"" + Html.escape(broker.name()) + "\"></canvas></div>");
            }
        }
    }

    private static void row(Html out, RunResult run, String broker, Set<String> columns) {
        Map<String, Double> findings = run.findings();
        out.raw("<tr>")
                .element("th scope=\"row\"", broker)
                .raw("<td>")
                .text(String.valueOf(run.parameters().get("variant")));
        if (run.reason() != null) {
            out.raw(" ").element("span class=\"flaw\"", run.reason());
        }
        out.raw("</td>");
        for (String column : columns) {
            Double value = findings == null ? null : findings.get(column);
            out.element("td class=\"n strong\"", Format.count(value));
        }
        out.raw("</tr>");
    }

    private static String title(Results results, String broker) {
        Optional<BrokerInfo> info = results.brokers().stream()
                .filter(each -> each.name().equals(broker))
                .findFirst();
        return info.map(BrokerInfo::title).orElse(broker);
    }

    /** {@code peak-shaving} as {@code Peak shaving}. */
    static String title(String scenario) {
        String words = scenario.replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
