package io.anymq.bench.scenario;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a scenario plans for: one broker.
 *
 * @param broker its name
 * @param arms the arms asked for
 * @param scenarios all scenarios asked for
 * @param profile how thorough
 * @param pairs pairs of the overhead scenario and of the latency that goals are about
 * @param random for the order of the runs
 */
public record ScenarioContext(
        String broker, List<String> arms, List<String> scenarios, Profile profile, int pairs, RandomGenerator random) {
    /** Whether adapter and raw can be set against each other. */
    public boolean bothArms() {
        return arms.contains(Scenario.ADAPTER) && arms.contains(Scenario.RAW);
    }
}
