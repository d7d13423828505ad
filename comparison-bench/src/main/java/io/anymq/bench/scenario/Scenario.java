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

    /**
     * What came out, in sentences for people; {@code {variant|finding}} stands for the range of it over the brokers. A
     * sentence is left out where one of its findings was not measured.
     */
    default List<String> answers() {
        return List.of();
    }

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
