package io.anymq.bench.result;

import java.util.List;

/**
 * Everything one comparison found out; the shape of {@code results.json}.
 *
 * @param schemaVersion raised whenever a field is removed or changes its meaning
 */
public record Results(
        int schemaVersion,
        Environment environment,
        PlanInfo plan,
        List<BrokerInfo> brokers,
        List<RunResult> runs,
        List<Comparison> comparisons,
        List<Goal> goals) {
    /** The version written by this code. */
    public static final int SCHEMA_VERSION = 3;

    /** Copies the lists. */
    public Results {
        brokers = List.copyOf(brokers);
        runs = List.copyOf(runs);
        comparisons = List.copyOf(comparisons);
        goals = List.copyOf(goals);
    }
}
