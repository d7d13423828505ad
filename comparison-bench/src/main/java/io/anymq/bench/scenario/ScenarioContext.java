package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** The parameter that says which runs form a pair. */
    static final String PAIR = "pair";

    Profile.Extent extent() {
        return profile.extent();
    }

    /** Whether adapter and raw can be compared. */
    public boolean bothArms() {
        return arms.contains(Scenario.ADAPTER) && arms.contains(Scenario.RAW);
    }

    /** The arms in random order, so that none always gets the warm or the cold machine. */
    List<String> shuffledArms() {
        List<String> left = new ArrayList<>(arms);
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            order.add(left.remove(random.nextInt(left.size())));
        }
        return order;
    }

    /** A B B A, or B A A B, drawn again for each two pairs: a steady drift cancels out. */
    List<List<String>> pairedArms() {
        List<List<String>> order = new ArrayList<>();
        boolean adapterFirst = true;
        for (int pair = 0; pair < pairs; pair++) {
            adapterFirst = pair % 2 == 0 ? random.nextBoolean() : !adapterFirst;
            order.add(adapterFirst ? List.of(Scenario.ADAPTER, Scenario.RAW) : List.of(Scenario.RAW, Scenario.ADAPTER));
        }
        return order;
    }

    /** A run with the profile's warm-up, in the JVM of this repetition. */
    PlannedRun run(
            String scenario,
            String arm,
            int repetition,
            Load load,
            long measureMillis,
            Map<String, Object> parameters) {
        return new PlannedRun(
                scenario,
                arm,
                parameters,
                load,
                extent().warmUp(),
                measureMillis,
                extent().jvmOf(repetition),
                "",
                PlannedRun.Setup.USUAL);
    }

    /** Parameters in this order. */
    static Map<String, Object> parameters(Object... namesAndValues) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return parameters;
    }
}
