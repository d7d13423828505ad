package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What a scenario plans for.
 *
 * @param broker the one broker that its runs are made on
 * @param options what was asked for
 * @param random for the order of the runs
 */
public record ScenarioContext(String broker, CompareOptions options, RandomGenerator random) {
    /** The parameter that says which runs form a pair. */
    static final String PAIR = "pair";

    Profile.Extent extent() {
        return options.profile().extent();
    }

    /** The arms in random order, so that none always gets the warm or the cold machine. */
    List<String> shuffledArms() {
        List<String> left = new ArrayList<>(options.arms());
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            order.add(left.remove(random.nextInt(left.size())));
        }
        return order;
    }

    /** A run with the profile's warm-up, in the JVM of this repetition. */
    PlannedRun run(
            String scenario, String arm, int repetition, Load load, long millis, Map<String, Object> parameters) {
        int jvm = 1 + (repetition - 1) / extent().pairsPerJvm();
        return new PlannedRun(
                scenario, arm, parameters, load, extent().warmUp(), millis, jvm, "", PlannedRun.Setup.USUAL);
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
