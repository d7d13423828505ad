package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The claims of the theory, demonstrated on every broker; and the goals. */
final class TheorySections {
    private TheorySections() {}

    private static boolean isDrawn(List<RunResult> runs) {
        return runs.stream().anyMatch(Runs::isDrawn);
    }

    /** Each scenario whose runs are of this kind; says so if there is none. */
    private static boolean scenarios(Html out, Results results, Predicate<List<RunResult>> condition) {
        boolean any = false;
        for (Scenario scenario : Scenarios.all()) {
            List<RunResult> runs = Runs.withFindings(results, scenario.name());
            if (!runs.isEmpty() && condition.test(runs)) {
                any = true;
                out.heading(scenario.name(), Findings.title(scenario.name()));
                Answers.captions(out, results, scenario.name(), "");
                Findings.table(out, results, runs);
                if (isDrawn(runs)) {
                    Findings.brokers(runs).forEach(broker -> charts(out, results, scenario.name(), broker, runs));
                }
            }
        }
        if (!any) {
            out.paragraph("not-measured");
        }
        return any;
    }

    /** The course of a burst, or of a broker's crash, over time. */
    static void timelines(Html out, Results results) {
        if (scenarios(out, results, TheorySections::isDrawn)) {
            out.note("timelines.note");
        }
    }

    /** How many messages fail with and without each policy. */
    static void theory(Html out, Results results) {
        out.paragraph("theory.intro");
        scenarios(out, results, runs -> runs.stream().anyMatch(RunResult::demonstrated) && !isDrawn(runs));
    }

    /** The cost of size and of policies. */
    static void prices(Html out, Results results) {
        scenarios(out, results, runs -> runs.stream().noneMatch(RunResult::demonstrated));
    }

    private static void charts(Html out, Results results, String scenario, String broker, List<RunResult> all) {
        String title = Format.title(results, broker);
        List<RunResult> runs = all.stream()
                .filter(run -> run.broker().equals(broker) && Runs.isDrawn(run))
                .toList();
        if (runs.isEmpty()) {
            return;
        }
        out.element("h4 id=\"" + Html.escape(scenario + "-" + broker) + "\"", title)
                .raw("<div class=\"beside\">");
        for (RunResult run : runs) {
            out.raw("<figure>").element("figcaption", Findings.variant(run));
            out.chart(
                    270,
                    Texts.of("timelines.chart", Findings.title(scenario), title, Findings.variant(run)),
                    "timeline",
                    " data-run=\"" + Html.escape(run.id()) + "\"");
            out.raw("</figure>");
        }
        out.raw("</div>");
    }

    /** Goals: met, missed or not measured. */
    static void goals(Html out, Results results) {
        out.paragraph("goals.intro");
        Map<String, List<Goal>> byBroker = results.goals().stream()
                .collect(Collectors.groupingBy(Goal::broker, LinkedHashMap::new, Collectors.toList()));
        Table<Goal> table = new Table<Goal>()
                .name("Goal", Goal::goal)
                .markup(
                        "Result",
                        false,
                        (cell, goal) ->
                                cell.element("span class=\"status " + Format.word(goal.status()) + "\"", word(goal)))
                .text("Measured", "why", Goal::measured);
        byBroker.forEach((broker, goals) -> {
            out.element("h3", Format.title(results, broker)).element("p class=\"muted\"", counts(goals));
            out.raw("<div class=\"goals\">");
            table.write(out, goals);
            out.raw("</div>");
        });
    }

    /** Such as "11 met, 1 missed, 4 not measured". */
    private static String counts(List<Goal> goals) {
        return Stream.of(Goal.Status.values())
                .map(status ->
                        goals.stream().filter(goal -> goal.status() == status).toList())
                .filter(alike -> !alike.isEmpty())
                .map(alike -> alike.size() + " " + word(alike.get(0)))
                .collect(Collectors.joining(", "));
    }

    static String word(Goal goal) {
        return Format.word(goal.status()).replace('_', ' ');
    }
}
