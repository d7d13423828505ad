package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import java.util.List;

/** One claim, and how it is measured. Stateless. To add one, implement this and list it in {@link Scenarios}. */
public interface Scenario {
    /** The arm through AnyMQ. */
    String ADAPTER = "adapter";

    /** The arm without AnyMQ. */
    String RAW = "raw";

    /** As in {@code --scenarios}. */
    String name();

    /** What it measures, in a sentence for people. */
    String claim();

    /** Whether it is part of the smoke profile, too, unless scenarios are named. */
    default boolean quick() {
        return true;
    }

    /** The runs to make on one broker, in order. */
    List<PlannedRun> plan(ScenarioContext context);

    /** What the runs of one broker come to, arm against arm; {@code runs} holds those of other scenarios, too. */
    default List<Comparison> compare(String broker, List<RunResult> runs) {
        return List.of();
    }
}
