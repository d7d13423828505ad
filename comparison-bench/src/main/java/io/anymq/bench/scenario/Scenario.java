package io.anymq.bench.scenario;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import java.util.List;
import java.util.function.Function;

/**
 * One claim, and how it is measured. To add one, list it in {@link Scenarios} and give it texts in {@code texts.properties}.
 *
 * @param name as in {@code --scenarios}
 * @param quick whether the smoke profile includes it unless scenarios are named
 * @param plan the runs to make on one broker, in order
 * @param compare compares arms over the runs of this scenario on one broker
 */
public record Scenario(String name, boolean quick, Function<ScenarioContext, List<PlannedRun>> plan, Comparer compare) {
    /** The arm through AnyMQ. */
    public static final String ADAPTER = BrokerUnderTest.ADAPTER;
    /** The arm without AnyMQ. */
    public static final String RAW = BrokerUnderTest.RAW;

    /** Turns the runs of a broker into comparisons. */
    @FunctionalInterface
    public interface Comparer {
        /** The comparisons of one broker. */
        List<Comparison> of(String broker, List<RunResult> runs);
    }

    /** A sentence that tells readers the subject of the measurement. */
    public String claim() {
        return Texts.of(name + ".claim");
    }

    /** The results, in sentences with {@code {variant|finding}} for the range of a finding over the brokers. */
    public List<String> answers() {
        return Texts.list(name + ".answer");
    }
}
