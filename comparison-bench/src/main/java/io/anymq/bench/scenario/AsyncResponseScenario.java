package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.measure.Load;
import java.util.List;

/** A caller returns sooner if it publishes than if it calls. */
final class AsyncResponseScenario {
    static final String NAME = "async-response";

    private AsyncResponseScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        int calls = context.extent().downstreamCalls();
        return context.arms().contains(Scenario.ADAPTER)
                ? context.extent().downstreamMillis().stream()
                        .map(millis -> context.run(
                                NAME,
                                Scenario.ADAPTER,
                                1,
                                new Load.SlowDownstream(calls, millis),
                                0,
                                parameters("serviceMillis", millis, "calls", calls)))
                        .toList()
                : List.of();
    }
}
