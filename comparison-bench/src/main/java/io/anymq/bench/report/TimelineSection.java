package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.util.List;

/** What happens over time when too much comes at once, or when the broker dies. */
final class TimelineSection implements Section {
    @Override
    public String id() {
        return "timelines";
    }

    @Override
    public String title() {
        return "Bursts and crashes";
    }

    @Override
    public void write(Html out, Results results) {
        boolean any = false;
        for (Scenario scenario : Scenarios.all()) {
            List<RunResult> runs = Findings.of(results, scenario.name());
            if (!isDrawn(runs)) {
                continue;
            }
            any = true;
            Findings.write(out, results, scenario.name(), runs);
            for (String broker : Findings.brokers(runs)) {
                charts(out, results, scenario, broker, runs);
            }
        }
        if (any) {
            out.element(
                    "p class=\"muted\"",
                    "Rates are those of the second before; waiting is what was confirmed and not yet handled. The charts of a"
                            + " broker have the same axes. The figures are in timeseries.csv.");
        } else {
            out.element("p", "Not part of this comparison; the quick and full profiles hold it.");
        }
    }

    /** Whether these runs were followed over time. */
    static boolean isDrawn(List<RunResult> runs) {
        return runs.stream().anyMatch(TimelineSection::isDrawn);
    }

    static boolean isDrawn(RunResult run) {
        return run.timeline().size() > 1;
    }

    private static void charts(Html out, Results results, Scenario scenario, String broker, List<RunResult> all) {
        List<RunResult> runs = all.stream()
                .filter(run -> run.broker().equals(broker) && isDrawn(run))
                .toList();
        if (runs.isEmpty()) {
            return;
        }
        String title = Format.title(results, broker);
        out.raw("<h4 id=\"" + Captions.anchor(scenario.name(), broker) + "\">")
                .text(title)
                .raw("</h4><div class=\"beside\">");
        for (RunResult run : runs) {
            out.raw("<figure><figcaption>")
                    .text(Findings.variant(run))
                    .raw("</figcaption><div class=\"chart\" style=\"height:270px\"><canvas role=\"img\" aria-label=\"")
                    .text(Findings.title(scenario.name()) + " on " + title + ", " + Findings.variant(run)
                            + ", over time; the table above holds what it came to")
                    .raw("\" data-chart=\"timeline\" data-run=\"" + Html.escape(run.id())
                            + "\"></canvas></div></figure>");
        }
        out.raw("</div>");
    }
}
