package io.anymq.bench.scenario;

import static io.anymq.bench.scenario.ScenarioContext.PAIR;
import static io.anymq.bench.scenario.ScenarioContext.parameters;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.PairedComparison.Side;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Interval.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * As many messages per second as go all the way: depending on how many may be in flight ({@code throughput}), and compared with
 * the vendor's plain client with the same guarantees ({@code overhead}). That scenario also compares the plain client with
 * itself: that difference is the machine's, so no verdict may rest on less.
 */
public final class CapacityScenarios {
    /** As many in flight as this benchmark allows. */
    public static final int LARGEST_WINDOW = 1_000;

    /** Precedes the name of the metric in which the plain client was compared with itself. */
    public static final String NOISE = "noise-";

    static final String THROUGHPUT = "throughput";
    static final String OVERHEAD = "overhead";

    private static final String WINDOW = "window";
    private static final List<Integer> WINDOWS = List.of(1, 192, LARGEST_WINDOW);

    private CapacityScenarios() {}

    static List<PlannedRun> throughput(ScenarioContext context) {
        // The overhead's runs use the largest window, and there are more of them.
        boolean measuredThere = context.options().bothArms()
                && context.options().scenarios().contains(OVERHEAD)
                && context.options().profile() != Profile.SMOKE;
        List<PlannedRun> runs = new ArrayList<>();
        for (int repetition = 1; repetition <= context.extent().throughputRepetitions(); repetition++) {
            for (int window : measuredThere ? WINDOWS.subList(0, WINDOWS.size() - 1) : WINDOWS) {
                for (String arm : context.shuffledArms()) {
                    runs.add(run(context, arm, window, repetition));
                }
            }
        }
        return runs;
    }

    private static PlannedRun run(ScenarioContext context, String arm, int window, int repetition) {
        long millis = context.extent().briefMillis();
        Map<String, Object> parameters = parameters(WINDOW, window, "repetition", repetition);
        return context.run(THROUGHPUT, arm, repetition, new Load.Closed(window), millis, parameters);
    }

    /** A run at the largest window per arm, for a scenario that needs the capacity; none if others measure it. */
    static List<PlannedRun> calibration(ScenarioContext context) {
        CompareOptions options = context.options();
        boolean measured = options.scenarios().contains(THROUGHPUT)
                || (options.bothArms() && options.scenarios().contains(OVERHEAD));
        return measured
                ? List.of()
                : options.arms().stream()
                        .map(arm -> run(context, arm, LARGEST_WINDOW, 1))
                        .toList();
    }

    /** A B B A, or B A A B, drawn again for each two pairs: a steady drift cancels out. */
    static List<PlannedRun> overhead(ScenarioContext context) {
        List<PlannedRun> runs = new ArrayList<>();
        int pairs = context.options().bothArms() ? context.options().pairs() : 0;
        boolean adapterFirst = true;
        for (int pair = 1; pair <= pairs; pair++) {
            adapterFirst = pair % 2 == 1 ? context.random().nextBoolean() : !adapterFirst;
            for (boolean adapter : new boolean[] {adapterFirst, !adapterFirst}) {
                String arm = adapter ? BrokerUnderTest.ADAPTER : BrokerUnderTest.RAW;
                Map<String, Object> parameters = parameters(WINDOW, LARGEST_WINDOW, PAIR, pair);
                long millis = context.extent().measureMillis();
                runs.add(context.run(OVERHEAD, arm, pair, new Load.Closed(LARGEST_WINDOW), millis, parameters));
            }
        }
        return runs;
    }

    static List<Comparison> compare(String broker, List<RunResult> own) {
        if (own.isEmpty()) {
            return List.of();
        }
        Map<String, Object> capacity = Map.of(WINDOW, LARGEST_WINDOW);
        PairedComparison arms = new PairedComparison(broker, OVERHEAD, capacity, own);
        int half = own.stream().mapToInt(CapacityScenarios::pair).max().orElse(0) / 2;
        // With those half of all pairs later: in another JVM, if there are two.
        List<RunResult> raw = own.stream()
                .filter(run -> run.arm().equals(BrokerUnderTest.RAW))
                .toList();
        PairedComparison noise = new PairedComparison(
                broker, OVERHEAD, capacity, raw, half("raw, first", half, 0), half("raw, second", half, 1));
        return half == 0
                ? metrics(arms, "")
                : Stream.concat(metrics(arms, "").stream(), metrics(noise, NOISE).stream())
                        .toList();
    }

    private static Side half(String name, int half, int which) {
        return new Side(
                name,
                run -> (pair(run) - 1) / Math.max(1, half) == which,
                run -> String.valueOf((pair(run) - 1) % Math.max(1, half)));
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
