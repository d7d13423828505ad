package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What AnyMQ costs over the vendor's plain client with the same promises. */
final class OverheadScenario implements Scenario {
    static final String NAME = "overhead";

    private static final String WINDOW = "window";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String claim() {
        return "AnyMQ against the vendor's plain client with the same promises, in pairs A B B A with 1,000 messages under"
                + " way: throughput, client CPU and memory allocated per message.";
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        if (!context.bothArms()) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        List<List<String>> order = Order.pairs(context.pairs(), context.random());
        for (int pair = 1; pair <= order.size(); pair++) {
            for (String arm : order.get(pair - 1)) {
                Map<String, Object> parameters = new LinkedHashMap<>();
                parameters.put(WINDOW, ThroughputScenario.LARGEST_WINDOW);
                parameters.put("pair", pair);
                runs.add(new PlannedRun(
                        name(),
                        arm,
                        parameters,
                        new Load.Closed(ThroughputScenario.LARGEST_WINDOW),
                        0,
                        context.profile().warmUp(),
                        context.profile().measureMillis(),
                        context.profile().jvmOf(pair)));
            }
        }
        return runs;
    }

    @Override
    public List<Comparison> compare(String broker, List<RunResult> runs) {
        List<RunResult> mine = runs.stream()
                .filter(run -> run.broker().equals(broker) && run.scenario().equals(name()))
                .toList();
        if (mine.isEmpty()) {
            return List.of();
        }
        PairedComparison pairs =
                new PairedComparison(broker, name(), Map.of(WINDOW, ThroughputScenario.LARGEST_WINDOW), mine);
        return List.of(
                pairs.of("throughput", false, RunResult::messagesPerSecond),
                pairs.of("cpu-per-message", true, RunResult::cpuMicrosPerMessage),
                pairs.of("allocated-per-message", true, RunResult::allocatedBytesPerMessage));
    }
}
