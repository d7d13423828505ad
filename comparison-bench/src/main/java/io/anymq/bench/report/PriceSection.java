package io.anymq.bench.report;

import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.util.List;

/** What size and policies do to the speed. */
final class PriceSection implements Section {
    @Override
    public String id() {
        return "prices";
    }

    @Override
    public String title() {
        return "Sizes and policies";
    }

    @Override
    public void write(Html out, Results results) {
        boolean any = false;
        for (Scenario scenario : Scenarios.all()) {
            List<RunResult> runs = Findings.of(results, scenario.name());
            if (runs.isEmpty() || runs.stream().anyMatch(RunResult::demonstrated)) {
                continue;
            }
            any = true;
            Findings.write(out, results, scenario.name(), runs);
        }
        if (!any) {
            out.element("p", "Not part of this comparison; the quick and full profiles hold it.");
        }
    }
}
