package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cost of AnyMQ compared with the vendor's plain client with the same guarantees, and the noise: the plain client against
 * itself. That difference is the machine's, so no verdict may rest on less.
 */
public final class OverheadScenario {
    /** Precedes the name of the metric in which the plain client was compared with itself. */
    public static final String NOISE = "noise-";

    static final String NAME = "overhead";

    private OverheadScenario() {}

    static List<PlannedRun> plan(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        List<List<String>> order = context.bothArms() ? context.pairedArms() : List.of();
        for (int pair = 1; pair <= order.size(); pair++) {
            for (String arm : order.get(pair - 1)) {
                runs.add(ThroughputScenario.atCapacity(context, NAME, arm, pair, parameters(PAIR, pair)));
            }
        }
        return runs;
    }

    static List<Comparison> compare(String broker, List<RunResult> own) {
        if (own.isEmpty()) {
            return List.of();
        }
        PairedComparison arms = new PairedComparison(broker, NAME, ThroughputScenario.CAPACITY, own);
        int half = own.stream().mapToInt(OverheadScenario::pair).max().orElse(0) / 2;
        // With those half of all pairs later: in another JVM, if there are two.
        PairedComparison noise = new PairedComparison(
                broker,
                NAME,
                ThroughputScenario.CAPACITY,
                own.stream().filter(run -> run.arm().equals(Scenario.RAW)).toList(),
                new PairedComparison.Side("raw, first", run -> pair(run) <= half),
                new PairedComparison.Side("raw, second", run -> pair(run) > half && pair(run) <= 2 * half),
                run -> String.valueOf((pair(run) - 1) % Math.max(1, half)));
        return half == 0
                ? metrics(arms, "")
                : Stream.concat(metrics(arms, "").stream(), metrics(noise, NOISE).stream())
                        .toList();
    }

    private static int pair(RunResult run) {
        return run.run().parameters().get(PAIR) instanceof Number number ? number.intValue() : 0;
    }

    private static List<Comparison> metrics(PairedComparison pairs, String prefix) {
        return List.of(
                pairs.of(prefix + "throughput", false, RunResult::rate),
                pairs.of(prefix + "cpu-per-message", true, RunResult::cpuMicrosPerMessage),
                pairs.of(prefix + "allocated-per-message", true, RunResult::allocatedPerMessage));
    }

    /**
     * The comparisons of one broker, with a verdict of faster or slower only where the median is farther from 1 than the plain
     * client was from itself in any pair.
     */
    static List<Comparison> withoutNoise(List<Comparison> comparisons) {
        return comparisons.stream()
                .map(each -> isNoise(each.median(), floor(each, comparisons))
                        ? each.withVerdict(Verdict.INDISTINGUISHABLE)
                        : each)
                .toList();
    }

    private static @Nullable Interval floor(Comparison comparison, List<Comparison> all) {
        boolean claims = comparison.verdict() == Verdict.FASTER || comparison.verdict() == Verdict.SLOWER;
        return all.stream()
                .filter(noise -> claims && noise.metric().equals(NOISE + comparison.metric()))
                .flatMap(noise -> Stream.ofNullable(noise.ratio()))
                .findFirst()
                .orElse(null);
    }

    private static boolean isNoise(@Nullable Double median, @Nullable Interval floor) {
        return median != null
                && floor != null
                && floor.low() > 0
                && Math.max(median, 1 / median) <= Math.max(floor.high(), 1 / floor.low());
    }
}
