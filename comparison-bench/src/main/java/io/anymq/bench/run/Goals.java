package io.anymq.bench.run;

import static io.anymq.bench.result.Texts.format;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.measure.Measurement;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.Results.Goal.Status;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.CapacityScenarios;
import io.anymq.bench.scenario.CostScenarios;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.theory.Failover;
import io.anymq.bench.theory.FirstMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The goals, judged by the unfavourable end of the interval. */
public final class Goals {
    private static final String MICROS = "%+,.0f µs";
    private static final String BYTES = "%+,.0f B";
    private static final int WINDOW = CapacityScenarios.LARGEST_WINDOW;
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
            if (broker.equals("inmemory")) {
                judge.inMemory();
            } else {
                judge.overVendor();
            }
            all.addAll(judge.goals);
        }
        return all;
    }

    private void inMemory() {
        atLeast("throughput at least 0.25 × that of an ArrayBlockingQueue with futures", "throughput", 0.25);
        List<RunResult> full = runs(run -> run.arm().equals(BrokerUnderTest.ADAPTER)
                && run.parameter("window").equals(String.valueOf(WINDOW)));
        atLeast("1,000,000 msg/s on a quiet machine", Statistics.figures(full, RunResult::rate), 1_000_000, "%,.0f");
        difference(ALLOCATED + "reference", "allocated-per-message", "", 256, BYTES);
        String elsewhere = "measured by the micro-benchmarks, in one JVM with its peers: docs/benchmark.md";
        String peers = "at least 10 × ActiveMQ vm:// and 20 × Artemis in-VM, with ack and per-key order";
        add(peers, elsewhere, Status.NOT_MEASURED);
        add("at least 0.5 × the Vert.x local event bus", elsewhere, Status.NOT_MEASURED);
        policies(0.60);
    }

    private void overVendor() {
        boolean kafka = broker.equals("kafka");
        double rate = kafka ? 0.90 : 0.95;
        double cpu = kafka ? 1.15 : 1.10;
        atLeast(format("throughput at least %.2f × the plain client", rate), "throughput", rate);
        atMost(format("client CPU per message at most %.2f × the plain client", cpu), "cpu-per-message", "", cpu);
        difference(ALLOCATED + "plain client", "allocated-per-message", "", 256, BYTES);
        Comparison p50 = find("latency-p50", "30 %");
        boolean met = p50 != null && (high(p50.ratio()) <= 1.05 || high(p50.difference()) <= 20);
        String both = p50 == null ? "" : ratio(p50.ratio()) + "; " + interval(MICROS, " to ", p50.difference());
        judge("p50 at 30 % load at most 1.05 × or + 20 µs", p50, both, met);
        atMost("p99 at 30 % load at most 1.10 ×", "latency-p99", "30 %", 1.10);
        difference("p50 at 10 msg/s at most + 0.2 ms", "latency-p50", "10 msg/s", 200, MICROS);
        policies(0.85);
        crash();
        difference("after the broker's crash back within 1 s of the plain client", "failover-pause", "", 1, "%+,.1f s");
    }

    /** AnyMQ against itself: what its policies cost. */
    private void policies(double idempotent) {
        List<Double> shares =
                Statistics.figures(policy(CostScenarios.ZIPF), run -> run.finding(Measurement.HOT_KEY_SHARE));
        atLeast("Zipf keys: at least 0.85 of what the most frequent key allows", shares, 0.85, "%.2f");
        atLeast("per-key order at least 0.90 × unordered, uniform keys", "key-order-throughput", 0.90);
        atLeast(format("idempotency on at least %.2f × off", idempotent), "idempotency-throughput", idempotent);
        atLeast("1 % poison at least 0.90 × clean", "poison-throughput", 0.90);
        atMost("1 % poison: p99 of the other keys at most 1.5 ×", "poison-p99", "", 1.5);
        List<RunResult> poisoned = policy(CostScenarios.POISON);
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
        return runs(run -> run.scenario().equals(CostScenarios.POLICY_COST) && found(run, variant));
    }

    /** Those that count. */
    private List<RunResult> runs(Predicate<RunResult> condition) {
        return runs.stream().filter(run -> run.counts() && condition.test(run)).toList();
    }

    private static boolean found(RunResult run, String variant) {
        return run.findings() != null && variant.equals(run.parameter("variant"));
    }

    private List<RunResult> found(String variant) {
        return runs.stream().filter(run -> found(run, variant)).toList();
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
        List<RunResult> found = found(FirstMessage.ADAPTER_VARIANT);
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
        List<RunResult> crashes = found(Failover.ADAPTER_VARIANT);
        long lost = sum(crashes, Failover.LOST);
        double most = max(crashes, Failover.REPEATED);
        counted(
                format("after the broker's crash nothing lost, at most %,d repeated", WINDOW),
                crashes.size(),
                "no crash in this comparison",
                lost == 0 && most <= WINDOW && crashes.stream().noneMatch(RunResult::incorrect),
                format("%,d lost, at most %,.0f repeated, in ", lost, most)
                        + counted(crashes.size(), "crash", "crashes"));
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
        Interval interval = Interval.ofMedian(values);
        String measured = "median " + interval(number, " – ", interval);
        judge(goal, measured + ", " + counted(values.size(), "run", "runs"), interval, interval.low() >= least);
    }

    private void atLeast(String goal, String metric, double limit) {
        Comparison found = find(metric, "");
        Interval ratio = found == null ? null : found.ratio();
        judge(goal, found, ratio(ratio), ratio != null && ratio.low() >= limit);
    }

    private void atMost(String goal, String metric, String load, double limit) {
        Comparison found = find(metric, load);
        Interval ratio = found == null ? null : found.ratio();
        judge(goal, found, ratio(ratio), high(ratio) <= limit);
    }

    private void difference(String goal, String metric, String load, double limit, String number) {
        Comparison found = find(metric, load);
        Interval difference = found == null ? null : found.difference();
        judge(goal, found, interval(number, " to ", difference), high(difference) <= limit);
    }

    private static double high(@Nullable Interval interval) {
        return interval == null ? Double.POSITIVE_INFINITY : interval.high();
    }

    private static String ratio(@Nullable Interval ratio) {
        return interval("%.2f", " – ", ratio).replaceFirst(" ", " × ");
    }

    /** Such as {@code +12 µs (-3 to +20)}: the unit stands behind the median alone. */
    private static String interval(String number, String to, @Nullable Interval interval) {
        if (interval == null) {
            return "";
        }
        String bare = number.split(" ")[0];
        String ends = format(bare + to + bare, interval.low(), interval.high());
        return format(number, interval.median()) + " (" + ends + ")";
    }

    private @Nullable Comparison find(String metric, String load) {
        return comparisons.stream()
                .filter(comparison -> comparison.metric().equals(metric))
                .filter(comparison ->
                        load.isEmpty() || load.equals(comparison.parameters().get("load")))
                .findFirst()
                .orElse(null);
    }

    private void judge(String goal, @Nullable Comparison found, String measured, boolean met) {
        Interval ratio = found == null ? null : found.ratio();
        if (found == null || ratio == null) {
            add(goal, "no pair of counting runs", Status.NOT_MEASURED);
            return;
        }
        judge(goal, measured + ", " + counted(found.pairs(), "pair", "pairs"), ratio, met);
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
