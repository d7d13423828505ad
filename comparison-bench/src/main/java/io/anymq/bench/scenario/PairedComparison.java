package io.anymq.bench.scenario;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.PairedRatio;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sets the adapter's runs, or others, against the raw ones with the same {@code pair} parameter. */
final class PairedComparison {
    private final String broker;
    private final String scenario;
    private final Map<String, Object> parameters;
    private final List<RunResult> runs;
    private final Side numerator;
    private final Side denominator;
    private final Function<RunResult, String> pairOf;

    /** The runs above or below the line. */
    record Side(String name, Predicate<RunResult> runs) {
        static Side arm(String arm) {
            return new Side(arm, run -> run.arm().equals(arm));
        }
    }

    PairedComparison(String broker, String scenario, Map<String, Object> parameters, List<RunResult> runs) {
        this(
                broker,
                scenario,
                parameters,
                runs,
                Side.arm(Scenario.ADAPTER),
                Side.arm(Scenario.RAW),
                run -> String.valueOf(run.parameters().get("pair")));
    }

    PairedComparison(
            String broker,
            String scenario,
            Map<String, Object> parameters,
            List<RunResult> runs,
            Side numerator,
            Side denominator,
            Function<RunResult, String> pairOf) {
        this.pairOf = pairOf;
        this.numerator = numerator;
        this.denominator = denominator;
        this.broker = broker;
        this.scenario = scenario;
        this.parameters = parameters;
        this.runs = runs;
    }

    /** A pair counts if both of its runs do and have the figure. */
    Comparison of(String metric, boolean lessIsBetter, Function<RunResult, @Nullable Double> figure) {
        List<PairedRatio.Pair> pairs = pairs(figure);
        if (pairs.isEmpty()) {
            return new Comparison(
                    broker,
                    scenario,
                    parameters,
                    metric,
                    numerator.name(),
                    denominator.name(),
                    null,
                    null,
                    null,
                    null,
                    0,
                    lessIsBetter,
                    null,
                    null,
                    null,
                    Verdict.INSUFFICIENT);
        }
        PairedRatio ratio = PairedRatio.of(pairs);
        List<Double> differences = pairs.stream()
                .map(pair -> pair.numerator() - pair.denominator())
                .toList();
        Interval difference = Statistics.medianInterval(differences);
        return new Comparison(
                broker,
                scenario,
                parameters,
                metric,
                numerator.name(),
                denominator.name(),
                ratio.median(),
                ratio.interval().low(),
                ratio.interval().high(),
                ratio.interval().confidence(),
                ratio.pairs(),
                lessIsBetter,
                Statistics.median(differences),
                difference.low(),
                difference.high(),
                lessIsBetter ? ratio.verdict().opposite() : ratio.verdict());
    }

    private List<PairedRatio.Pair> pairs(Function<RunResult, @Nullable Double> figure) {
        Map<String, Double> adapter = byPair(numerator, figure);
        Map<String, Double> raw = byPair(denominator, figure);
        List<PairedRatio.Pair> pairs = new ArrayList<>();
        adapter.forEach((pair, value) -> {
            Double other = raw.get(pair);
            if (other != null && other > 0) {
                pairs.add(new PairedRatio.Pair(value, other));
            }
        });
        return pairs;
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
