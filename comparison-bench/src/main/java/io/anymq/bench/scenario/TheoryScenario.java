package io.anymq.bench.scenario;

import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.theory.Demonstration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A claim of the theory, shown in each of its variants; through AnyMQ only, since it is about what policies do. */
final class TheoryScenario implements Scenario {
    private final Demonstration demonstration;

    TheoryScenario(Demonstration demonstration) {
        this.demonstration = demonstration;
    }

    @Override
    public String name() {
        return demonstration.name();
    }

    @Override
    public String claim() {
        return demonstration.claim();
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public List<PlannedRun> plan(ScenarioContext context) {
        boolean embedded = Brokers.named(context.broker()).kind().isEmpty();
        if (!context.arms().contains(ADAPTER) || (demonstration.needsAServer() && embedded)) {
            return List.of();
        }
        List<PlannedRun> runs = new ArrayList<>();
        for (String variant : demonstration.variants()) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("variant", variant);
            runs.add(new PlannedRun(
                    name(),
                    ADAPTER,
                    parameters,
                    new Load.Theory(name(), variant, demonstration.estimatedSeconds()),
                    0,
                    context.profile().warmUp(),
                    0,
                    0));
        }
        return runs;
    }
}
