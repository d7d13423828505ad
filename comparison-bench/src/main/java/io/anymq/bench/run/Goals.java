package io.anymq.bench.run;

import static io.anymq.bench.result.Texts.format;

import io.anymq.bench.measure.Measurement;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.Results.Goal.Status;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.PolicyCostScenario;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.theory.Failover;
import io.anymq.bench.theory.FirstMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The goals, judged by the unfavourable end of the interval. */
public final class Goals {
    private static final String IN_MEMORY = "inmemory";
    private static final String KAFKA = "kafka";
    private static final long FIRST_MESSAGE_MILLIS = 2_000;
    private static final String ALLOCATED = "at most 256 bytes allocated per message beyond the ";

    private final String broker;
    private final List<RunResult> runs;
    private final List<Comparison> comparisons;
    private final List<Goal> goals = new ArrayList<>();

    private Goals(String broker, List<RunResult> runs, List<Comparison> comparisons) {
        this.broker = broker;
        this.runs = runs.stream().filter(run -> run.broker().equals(broker)).toList();
        this.comparisons = comparisons.stream()
                .filter(comparison -> comparison.broker().equals(broker))
                .toList();
    }

    /** All goals of these brokers, including those that nothing was measured for. */
    public static List<Goal> judge(List<String> brokers, List<RunResult> runs, List<Comparison> comparisons) {
        List<Goal> all = new ArrayList<>();
        for (String broker : brokers) {
            Goals judge = new Goals(broker, runs, comparisons);
            judge.correctness();
            judge.firstMessage();
            if (broker.equals(IN_MEMORY)) {
                judge.inMemory();
            } else {
                judge.overVendor();
            }
            all.addAll(judge.goals);
        }
        return all;
    }

    private void inMemory() {
        ratio("throughput at least 0.25 × that of an ArrayBlockingQueue with futures", "throughput", "", false, 0.25);
        List<RunResult> full = runs.stream()
                .filter(run -> run.counts() && run.arm().equals("adapter"))
                .filter(run -> run.parameter("window").equals(String.valueOf(Comparer.MAX_IN_FLIGHT)))
                .toList();
        atLeast("1,000,000 msg/s on a quiet machine", Statistics.figures(full, RunResult::rate), 1_000_000, "%,.0f");
        difference(ALLOCATED + "reference", "allocated-per-message", "", 256, " B");
        String elsewhere = "measured by the micro-benchmarks, in one JVM with its peers: docs/benchmark.md";
        String peers = "at least 10 × ActiveMQ vm:// and 20 × Artemis in-VM, with ack and per-key order";
        add(peers, elsewhere, Status.NOT_MEASURED);
        add("at least 0.5 × the Vert.x local event bus", elsewhere, Status.NOT_MEASURED);
        policies(0.60);
    }

    private void overVendor() {
        boolean kafka = broker.equals(KAFKA);
        double rate = kafka ? 0.90 : 0.95;
        double cpu = kafka ? 1.15 : 1.10;
        ratio(format("throughput at least %.2f × the plain client", rate), "throughput", "", false, rate);
        ratio(format("client CPU per message at most %.2f × the plain client", cpu), "cpu-per-message", "", true, cpu);
        difference(ALLOCATED + "plain client", "allocated-per-message", "", 256, " B");
        judge(
                "p50 at 30 % load at most 1.05 × or + 20 µs",
                "latency-p50",
                "30 %",
                (ratio, difference) -> ratio(ratio) + "; " + difference(difference, " µs"),
                (ratio, difference) -> ratio.high() <= 1.05 || difference.high() <= 20);
        ratio("p99 at 30 % load at most 1.10 ×", "latency-p99", "30 %", true, 1.10);
        difference("p50 at 10 msg/s at most + 0.2 ms", "latency-p50", "10 msg/s", 200, " µs");
        policies(0.85);
        crash();
        difference("after the broker's crash back within 1 s of the plain client", "failover-pause", "", 1, " s");
    }

    /** AnyMQ against itself: what its policies cost. */
    private void policies(double idempotent) {
        List<Double> shares =
                Statistics.figures(policy(PolicyCostScenario.ZIPF), run -> run.finding(Measurement.HOT_KEY_SHARE));
        atLeast("Zipf keys: at least 0.85 of what the most frequent key allows", shares, 0.85, "%.2f");
        ratio("per-key order at least 0.90 × unordered, uniform keys", "key-order-throughput", "", false, 0.90);
        ratio(
                format("idempotency on at least %.2f × off", idempotent),
                "idempotency-throughput",
                "",
                false,
                idempotent);
        ratio("1 % poison at least 0.90 × clean", "poison-throughput", "", false, 0.90);
        ratio("1 % poison: p99 of the other keys at most 1.5 ×", "poison-p99", "", true, 1.5);
        List<RunResult> poisoned = policy(PolicyCostScenario.POISON);
        long sent = sum(poisoned, Measurement.POISONED);
        long buried = sum(poisoned, Measurement.DEAD_LETTERS);
        counted(
                "1 % poison: the dead letter is complete",
                sent,
                "no counting run",
                buried == sent,
                format("%,d of %,d poisoned messages in the dead letter", buried, sent));
    }

    private List<RunResult> policy(String variant) {
        return withFindings(variant).stream()
                .filter(run -> run.counts() && run.scenario().equals(PolicyCostScenario.NAME))
                .toList();
    }

    private void correctness() {
        long incorrect = runs.stream().filter(RunResult::incorrect).count();
        long checked = runs.stream().mapToLong(run -> run.messages().received()).sum();
        counted(
                "nothing lost, repeated or out of order in any run",
                checked,
                "no message arrived in any run",
                incorrect == 0,
                format("%,d messages checked in %d runs, of which %d failed", checked, runs.size(), incorrect));
    }

    private void firstMessage() {
        List<RunResult> found = withFindings(FirstMessage.ADAPTER_VARIANT);
        long consumers = sum(found, FirstMessage.ROUNDS);
        double slowest = max(found, FirstMessage.SLOWEST);
        counted(
                format("a fresh consumer has its first message within %d s", FIRST_MESSAGE_MILLIS / 1_000),
                consumers,
                "no fresh consumer in this comparison",
                slowest <= FIRST_MESSAGE_MILLIS,
                format("the slowest of %d took %,.0f ms", consumers, slowest));
    }

    private void crash() {
        List<RunResult> crashes = withFindings(Failover.ADAPTER_VARIANT);
        long lost = sum(crashes, Failover.LOST);
        double most = max(crashes, Failover.REPEATED);
        counted(
                format("after the broker's crash nothing lost, at most %,d repeated", Comparer.MAX_IN_FLIGHT),
                crashes.size(),
                "no crash in this comparison",
                lost == 0 && most <= Comparer.MAX_IN_FLIGHT && crashes.stream().noneMatch(RunResult::incorrect),
                format("%,d lost, at most %,.0f repeated, in ", lost, most)
                        + counted(crashes.size(), "crash", "crashes"));
    }

    private List<RunResult> withFindings(String variant) {
        return runs.stream()
                .filter(run -> run.findings() != null && variant.equals(run.parameter("variant")))
                .toList();
    }

    private static long sum(List<RunResult> found, String finding) {
        return Statistics.figures(found, run -> run.finding(finding)).stream()
                .mapToLong(Math::round)
                .sum();
    }

    private static double max(List<RunResult> found, String finding) {
        return found.stream()
                .map(run -> run.finding(finding))
                .mapToDouble(value -> value == null ? Double.POSITIVE_INFINITY : value)
                .max()
                .orElse(0);
    }

    private static String counted(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    /** A goal that needs no statistics: met or not, unless there is nothing to count. */
    private void counted(String goal, long count, String otherwise, boolean met, String measured) {
        add(goal, count == 0 ? otherwise : measured, count == 0 ? Status.NOT_MEASURED : status(met));
    }

    /** Judged by the lower end of the runs' interval. */
    private void atLeast(String goal, List<Double> values, double least, String number) {
        if (values.isEmpty()) {
            add(goal, "no counting run", Status.NOT_MEASURED);
            return;
        }
        Interval interval = Statistics.medianInterval(values);
        String measured = interval("median " + number + " (" + number + " – " + number + ")", interval) + ", "
                + counted(values.size(), "run", "runs");
        judge(goal, measured, interval, interval.low() >= least);
    }

    private void ratio(String goal, String metric, String load, boolean atMost, double limit) {
        judge(
                goal,
                metric,
                load,
                (ratio, difference) -> ratio(ratio),
                (ratio, difference) -> atMost ? ratio.high() <= limit : ratio.low() >= limit);
    }

    private void difference(String goal, String metric, String load, double limit, String unit) {
        judge(
                goal,
                metric,
                load,
                (ratio, difference) -> difference(difference, unit),
                (ratio, difference) -> difference.high() <= limit);
    }

    private static String ratio(Interval ratio) {
        return interval("%.2f × (%.2f – %.2f)", ratio);
    }

    private static String difference(Interval difference, String unit) {
        String number = unit.equals(" s") ? "%+,.1f" : "%+,.0f";
        return interval(number + unit + " (" + number + " to " + number + ")", difference);
    }

    private static String interval(String format, Interval interval) {
        return format(format, interval.median(), interval.low(), interval.high());
    }

    private @Nullable Comparison find(String metric, String load) {
        return comparisons.stream()
                .filter(comparison -> comparison.metric().equals(metric))
                .filter(comparison ->
                        load.isEmpty() || load.equals(comparison.parameters().get("load")))
                .findFirst()
                .orElse(null);
    }

    private void judge(
            String goal,
            String metric,
            String load,
            BiFunction<Interval, Interval, String> text,
            BiPredicate<Interval, Interval> meets) {
        Comparison found = find(metric, load);
        Interval ratio = found == null ? null : found.ratio();
        Interval difference = found == null ? null : found.difference();
        if (found == null || ratio == null || difference == null) {
            add(goal, "no pair of counting runs", Status.NOT_MEASURED);
            return;
        }
        String measured = text.apply(ratio, difference) + ", " + counted(found.pairs(), "pair", "pairs");
        judge(goal, measured, ratio, meets.test(ratio, difference));
    }

    private void judge(String goal, String measured, Interval interval, boolean met) {
        if (interval.conclusive()) {
            add(goal, measured, status(met));
        } else {
            add(goal, measured + "; 6 are needed to judge", Status.NOT_MEASURED);
        }
    }

    private static Status status(boolean met) {
        return met ? Status.MET : Status.MISSED;
    }

    private void add(String goal, String measured, Status status) {
        goals.add(new Goal(broker, goal, measured, status));
    }
}
