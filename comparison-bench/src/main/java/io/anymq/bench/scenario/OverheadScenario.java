package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;

/** The cost of AnyMQ compared with the vendor's plain client with the same guarantees. */
final class OverheadScenario implements Scenario {
    static final String NAME = "overhead";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        List<List<String>> order = context.bothArms() ? context.pairedArms() : List.of();
        for (int pair = 1; pair <= order.size(); pair++) {
            for (String arm : order.get(pair - 1)) {
                runs.add(ThroughputScenario.atCapacity(context, NAME, arm, pair, parameters(PAIR, pair)));
            }
        }
        return runs;
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> own, List<RunResult> all) {
        return own.isEmpty()
                ? List.of()
                : metrics(new PairedComparison(broker, NAME, ThroughputScenario.CAPACITY, own), "");
    }

    /** The metrics of runs at capacity, with this before their names. */
    static List<Comparison> metrics(PairedComparison pairs, String prefix) {
        return List.of(
                pairs.of(prefix + "throughput", false, RunResult::rate),
                pairs.of(prefix + "cpu-per-message", true, RunResult::cpuMicrosPerMessage),
                pairs.of(prefix + "allocated-per-message", true, RunResult::allocatedPerMessage));
    }
}
