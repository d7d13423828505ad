package io.anymq.bench.scenario;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares two sides over runs made in pairs, by default the adapter's and the raw runs with the same {@code pair} parameter: what
 * disturbs the machine for a while disturbs both.
 */
record PairedComparison(
        String broker, String scenario, Map<String, Object> parameters, List<RunResult> runs, Side above, Side below) {
    /** The runs above or below the line, and which pair each belongs to. */
    record Side(String name, Predicate<RunResult> runs, Function<RunResult, String> pairOf) {
        Side(String name, Predicate<RunResult> runs) {
            this(name, runs, run -> run.parameter(ScenarioContext.PAIR));
        }

        private static Side arm(String arm) {
            return new Side(arm, run -> run.arm().equals(arm));
        }
    }

    PairedComparison(String broker, String scenario, Map<String, Object> parameters, List<RunResult> runs) {
        this(broker, scenario, parameters, runs, Side.arm(BrokerUnderTest.ADAPTER), Side.arm(BrokerUnderTest.RAW));
    }

    /** A pair counts if both of its runs do and have the figure. */
    Comparison of(String metric, boolean lessIsBetter, Function<RunResult, @Nullable Double> figure) {
        Map<String, Double> divisors = byPair(below, figure);
        List<Double> ratios = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        byPair(above, figure).forEach((pair, value) -> {
            Double other = divisors.get(pair);
            if (other != null && other > 0) {
                ratios.add(value / other);
                differences.add(value - other);
            }
        });
        String sides = above.name() + " / " + below.name();
        if (ratios.isEmpty()) {
            Interval.Verdict none = Interval.Verdict.INSUFFICIENT;
            return new Comparison(broker, scenario, parameters, metric, sides, 0, null, null, none);
        }
        Interval ratio = Interval.ofMedian(ratios);
        Interval difference = Interval.ofMedian(differences);
        Interval.Verdict verdict = ratio.verdict(lessIsBetter);
        return new Comparison(broker, scenario, parameters, metric, sides, ratios.size(), ratio, difference, verdict);
    }

    private Map<String, Double> byPair(Side side, Function<RunResult, @Nullable Double> figure) {
        Map<String, Double> byPair = new TreeMap<>();
        for (RunResult run : runs) {
            Double value = figure.apply(run);
            if (side.runs().test(run) && run.counts() && value != null) {
                byPair.put(side.pairOf().apply(run), value);
            }
        }
        return byPair;
    }
}
