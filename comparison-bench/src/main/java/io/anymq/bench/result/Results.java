package io.anymq.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

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
    public static final int SCHEMA_VERSION = 4;

    /** Copies the lists. */
    public Results {
        brokers = List.copyOf(brokers);
        runs = List.copyOf(runs);
        comparisons = List.copyOf(comparisons);
        goals = List.copyOf(goals);
    }

    /** The machine and the software that measured; names and figures only, nothing that identifies a person or a host. */
    public record Environment(
            String measuredAt,
            String os,
            String architecture,
            String cpuModel,
            int processors,
            long memoryBytes,
            String java,
            String jvm,
            String virtualization,
            String childJvmFlags,
            Map<String, String> versions) {}

    /** The options of a comparison, for its report. */
    public record PlanInfo(
            String profile,
            List<String> brokers,
            List<String> scenarios,
            List<String> arms,
            String durability,
            int pairs,
            long seed,
            int plannedRuns,
            boolean interrupted) {}

    /**
     * A goal and what became of it.
     *
     * @param broker whom it is about
     * @param goal in words
     * @param measured in words: the figure that was judged, or why there is none
     * @param status the judgement
     */
    public record Goal(String broker, String goal, String measured, Status status) {
        /** The judgement. */
        public enum Status {
            /** Even the unfavourable end of the interval meets it. */
            @JsonProperty("met")
            MET,
            /** The unfavourable end of the interval does not meet it. */
            @JsonProperty("missed")
            MISSED,
            /** Not measured, or with too few pairs to judge. */
            @JsonProperty("not measured")
            NOT_MEASURED
        }
    }
}
