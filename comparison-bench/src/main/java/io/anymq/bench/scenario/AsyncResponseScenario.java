package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A caller is back sooner if it publishes than if it calls. */
final class AsyncResponseScenario implements Scenario {
    @Override
    public String name() {
        return "async-response";
    }

    @Override
    public String claim() {
        return "How long a caller is kept: calling a slow service itself, against publishing to a handler that is as slow"
                + " and waiting for the broker's confirm only.";
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        if (!context.arms().contains(ADAPTER)) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        for (int millis : context.profile().downstreamMillis()) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("serviceMillis", millis);
            parameters.put("calls", context.profile().downstreamCalls());
            runs.add(new PlannedRun(
                    name(),
                    ADAPTER,
                    parameters,
                    new Load.SlowDownstream(context.profile().downstreamCalls(), millis),
                    0,
                    context.profile().warmUp(),
                    0,
                    context.profile().jvmOf(1)));
        }
        return runs;
    }
}
