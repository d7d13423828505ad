package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.stats.Verdict;
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
        String broker,
        String scenario,
        Map<String, Object> parameters,
        List<RunResult> runs,
        Side numerator,
        Side denominator,
        Function<RunResult, String> pairOf) {
    /** The runs above or below the line. */
    record Side(String name, Predicate<RunResult> runs) {
        static Side arm(String arm) {
            return new Side(arm, run -> run.arm().equals(arm));
        }
    }

    PairedComparison(String broker, String scenario, Map<String, Object> parameters, List<RunResult> runs) {
        this(broker, scenario, parameters, runs, Side.arm(Scenario.ADAPTER), Side.arm(Scenario.RAW));
    }

    PairedComparison(
            String broker,
            String scenario,
            Map<String, Object> parameters,
            List<RunResult> runs,
            Side numerator,
            Side denominator) {
        this(broker, scenario, parameters, runs, numerator, denominator, run -> run.parameter(ScenarioContext.PAIR));
    }

    /** A pair counts if both of its runs do and have the figure. */
    Comparison of(String metric, boolean lessIsBetter, Function<RunResult, @Nullable Double> figure) {
        Map<String, Double> below = byPair(denominator, figure);
        List<Double> ratios = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        byPair(numerator, figure).forEach((pair, value) -> {
            Double other = below.get(pair);
            if (other != null && other > 0) {
                ratios.add(value / other);
                differences.add(value - other);
            }
        });
        Interval ratio = ratios.isEmpty() ? null : Statistics.medianInterval(ratios);
        Interval difference = ratios.isEmpty() ? null : Statistics.medianInterval(differences);
        Verdict verdict = ratio == null ? Verdict.INSUFFICIENT : ratio.verdict();
        return new Comparison(
                broker,
                scenario,
                parameters,
                metric,
                numerator.name(),
                denominator.name(),
                lessIsBetter,
                ratios.size(),
                ratio,
                difference,
                lessIsBetter ? verdict.opposite() : verdict);
    }

    private Map<String, Double> byPair(Side side, Function<RunResult, @Nullable Double> figure) {
        Map<String, Double> byPair = new TreeMap<>();
        for (RunResult run : runs) {
            Double value = figure.apply(run);
            if (side.runs().test(run) && run.counts() && value != null) {
                byPair.put(pairOf.apply(run), value);
            }
        }
        return byPair;
    }
}
