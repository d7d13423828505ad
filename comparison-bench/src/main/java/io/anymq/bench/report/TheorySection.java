package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.util.List;

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
        boolean any = false;
        for (Scenario scenario : Scenarios.all()) {
            List<RunResult> runs = Findings.of(results, scenario.name());
            if (runs.stream().noneMatch(RunResult::demonstrated) || TimelineSection.isDrawn(runs)) {
                continue;
            }
            if (!any) {
                out.element(
                        "p",
                        "The same work once without and once with what a message queue or a policy gives. These are counts"
                                + " of what went right and wrong: a busy machine changes how often it goes wrong without the"
                                + " cure, not whether the cure works.");
            }
            any = true;
            Findings.write(out, results, scenario.name(), runs);
        }
        if (!any) {
            out.element("p", "Not part of this comparison; the quick and full profiles hold it.");
        }
    }
}
