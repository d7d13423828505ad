package io.anymq.bench.scenario;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import java.util.List;

/**
 * One claim, and how it is measured. Stateless. To add one, implement this, list it in {@link Scenarios} and give it texts in
 * {@code texts.properties}.
 */
public interface Scenario {
    /** The arm through AnyMQ. */
    String ADAPTER = BrokerUnderTest.ADAPTER;

    /** The arm without AnyMQ. */
    String RAW = BrokerUnderTest.RAW;

    /** As in {@code --scenarios}. */
    String name();

    /** A sentence that tells readers the subject of the measurement. */
    default String claim() {
        return Texts.of(name() + ".claim");
    }

    /** The results, in sentences with {@code {variant|finding}} for the range of a finding over the brokers. */
    default List<String> answers() {
        return Texts.list(name() + ".answer");
    }

    /** Whether the smoke profile includes it unless scenarios are named. */
    default boolean quick() {
        return true;
    }

    /** The runs to make on one broker, in order. */
    List<PlannedRun> plan(ScenarioContext context);

    /** Compares arms over the runs of this scenario on one broker. */
    default List<Comparison> compare(String broker, List<RunResult> own) {
        return List.of();
    }
}
