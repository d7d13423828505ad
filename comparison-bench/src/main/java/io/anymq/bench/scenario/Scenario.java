package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One claim, and how it is measured. To add one, list it in {@link Scenarios} and give it texts in {@code texts.properties}.
 *
 * @param name as in {@code --scenarios}
 * @param plan the runs to make on one broker, in order
 * @param compare compares arms over a broker's runs of this scenario
 */
public record Scenario(
        String name,
        Function<ScenarioContext, List<PlannedRun>> plan,
        BiFunction<String, List<RunResult>, List<Comparison>> compare) {
    /** A sentence that tells readers the subject of the measurement. */
    public String claim() {
        return Texts.of(name + ".claim");
    }

    /** The results, in sentences with {@code {variant|finding}} for the range of a finding over the brokers. */
    public List<String> answers() {
        return Texts.list(name + ".answer");
    }
}
