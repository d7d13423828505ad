package io.anymq.bench.run;

import io.anymq.bench.measure.Measurement;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Goal;
import io.anymq.bench.result.Goal.Status;
import io.anymq.bench.result.HistoryCheck;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.PolicyCostScenario;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.theory.Failover;
import io.anymq.bench.theory.FirstMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The goals, judged by the unfavourable end of the interval. Stateless. */
public final class Goals {
    private static final String IN_MEMORY = "inmemory";
    private static final String KAFKA = "kafka";
    private static final long FIRST_MESSAGE_MILLIS = 2_000;

    private final String broker;
    private final List<RunResult> runs;
    private final List<Comparison> comparisons;
    private final List<Goal> goals = new ArrayList<>();

    private static String shown(Interval ratio) {
        return text("%.2f × (%.2f – %.2f)", ratio);
    }

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
        ratio("throughput at least 0.25 × that of an ArrayBlockingQueue with futures", "throughput", false, 0.25);
        atLeast(
                "1,000,000 msg/s on a quiet machine",
                figures(run -> run.counts() && run.arm().equals("adapter") && isAtCapacity(run), RunResult::rate),
                1_000_000,
                "%,.0f");
        difference("at most 256 bytes allocated per message beyond the reference", "allocated-per-message", 256, " B");
        String elsewhere = "measured by the micro-benchmarks, in one JVM with its peers: docs/benchmark.md";
        add(
                "at least 10 × ActiveMQ vm:// and 20 × Artemis in-VM, with ack and per-key order",
                elsewhere,
                Status.NOT_MEASURED);
        add("at least 0.5 × the Vert.x local event bus", elsewhere, Status.NOT_MEASURED);
        policies(0.60);
    }

    private void overVendor() {
        boolean kafka = broker.equals(KAFKA);
        double rate = kafka ? 0.90 : 0.95;
        double cpu = kafka ? 1.15 : 1.10;
        ratio(format("throughput at least %.2f × the plain client", rate), "throughput", false, rate);
        ratio(format("client CPU per message at most %.2f × the plain client", cpu), "cpu-per-message", true, cpu);
        difference(
                "at most 256 bytes allocated per message beyond the plain client", "allocated-per-message", 256, " B");
        judge(
                "p50 at 30 % load at most 1.05 × or + 20 µs",
                find("latency-p50", "30 %"),
                (ratio, difference) -> shown(ratio) + "; " + difference(difference, " µs"),
                (ratio, difference) -> ratio.high() <= 1.05 || difference.high() <= 20);
        ratio("p99 at 30 % load at most 1.10 ×", find("latency-p99", "30 %"), true, 1.10);
        difference("p50 at 10 msg/s at most + 0.2 ms", find("latency-p50", "10 msg/s"), 200, " µs");
        policies(0.85);
        crash();
        difference("after the broker's crash back within 1 s of the plain client", "failover-pause", 1, " s");
    }

    /** AnyMQ against itself: what its policies cost. */
    private void policies(double idempotent) {
        atLeast(
                "Zipf keys: at least 0.85 of what the most frequent key allows",
                figures(
                        run -> run.counts() && isPolicy(run, PolicyCostScenario.ZIPF),
                        run -> run.finding(Measurement.HOT_KEY_SHARE)),
                0.85,
                "%.2f");
        ratio("per-key order at least 0.90 × unordered, uniform keys", "key-order-throughput", false, 0.90);
        ratio(format("idempotency on at least %.2f × off", idempotent), "idempotency-throughput", false, idempotent);
        ratio("1 % poison at least 0.90 × clean", "poison-throughput", false, 0.90);
        ratio("1 % poison: p99 of the other keys at most 1.5 ×", "poison-p99", true, 1.5);
        List<RunResult> poisoned = runs.stream()
                .filter(run -> run.counts() && isPolicy(run, PolicyCostScenario.POISON))
                .toList();
        long sent = sum(poisoned, Measurement.POISONED);
        long buried = sum(poisoned, Measurement.DEAD_LETTERS);
        counted(
                "1 % poison: the dead letter is complete",
                sent,
                "no counting run",
                buried == sent,
                format("%,d of %,d poisoned messages in the dead letter", buried, sent));
    }

    private static boolean isPolicy(RunResult run, String variant) {
        return run.scenario().equals(PolicyCostScenario.NAME) && variant.equals(run.parameter("variant"));
    }

    private static boolean isAtCapacity(RunResult run) {
        return run.parameter("window").equals(String.valueOf(Comparer.MAX_IN_FLIGHT));
    }

    private void correctness() {
        List<HistoryCheck> histories =
                runs.stream().map(RunResult::history).filter(Objects::nonNull).toList();
        long incorrect = runs.stream().filter(RunResult::incorrect).count();
        long checked = runs.stream().mapToLong(run -> run.messages().received()).sum();
        counted(
                "nothing lost, repeated or out of order in any run",
                checked,
                "no message arrived in any run",
                incorrect == 0,
                format(
                        "%,d messages checked by the ledger in %d runs, %,d of them from send to settlement by the history"
                                + " checker in %d; %d runs failed",
                        checked,
                        runs.size(),
                        histories.stream().mapToLong(HistoryCheck::messages).sum(),
                        histories.size(),
                        incorrect));
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
                        + (crashes.size() == 1 ? "1 crash" : crashes.size() + " crashes"));
    }

    private List<RunResult> withFindings(String variant) {
        return runs.stream()
                .filter(run -> run.findings() != null && variant.equals(run.parameter("variant")))
                .toList();
    }

    private static long sum(List<RunResult> found, String finding) {
        return found.stream()
                .flatMap(run -> Stream.ofNullable(run.finding(finding)))
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

    private List<Double> figures(Predicate<RunResult> condition, Function<RunResult, @Nullable Double> figure) {
        return runs.stream()
                .filter(condition)
                .flatMap(run -> Stream.ofNullable(figure.apply(run)))
                .toList();
    }

    /** A goal that needs no statistics: met or not, unless there is nothing to count. */
    private void counted(String goal, long count, String otherwise, boolean met, String measured) {
        if (count == 0) {
            add(goal, otherwise, Status.NOT_MEASURED);
        } else {
            add(goal, measured, met ? Status.MET : Status.MISSED);
        }
    }

    /** Judged by the lower end of the runs' interval. */
    private void atLeast(String goal, List<Double> values, double least, String format) {
        if (values.isEmpty()) {
            add(goal, "no counting run", Status.NOT_MEASURED);
            return;
        }
        Interval interval = Statistics.medianInterval(values);
        String measured = text("median " + format + " (" + format + " – " + format + ")", interval) + ", "
                + values.size() + (values.size() == 1 ? " run" : " runs");
        judge(goal, measured, interval, interval.low() >= least);
    }

    private List<Comparison> find(String metric, String load) {
        return comparisons.stream()
                .filter(comparison -> comparison.metric().equals(metric))
                .filter(comparison ->
                        load.isEmpty() || load.equals(comparison.parameters().get("load")))
                .limit(1)
                .toList();
    }

    private void ratio(String goal, String metric, boolean atMost, double limit) {
        ratio(goal, find(metric, ""), atMost, limit);
    }

    private void ratio(String goal, List<Comparison> found, boolean atMost, double limit) {
        judge(
                goal,
                found,
                (ratio, difference) -> shown(ratio),
                (ratio, difference) -> atMost ? ratio.high() <= limit : ratio.low() >= limit);
    }

    private void difference(String goal, String metric, double limit, String unit) {
        difference(goal, find(metric, ""), limit, unit);
    }

    private void difference(String goal, List<Comparison> found, double limit, String unit) {
        judge(
                goal,
                found,
                (ratio, difference) -> difference(difference, unit),
                (ratio, difference) -> difference.high() <= limit);
    }

    private static String difference(Interval difference, String unit) {
        String number = unit.equals(" s") ? "%+,.1f" : "%+,.0f";
        return text(number + unit + " (" + number + " to " + number + ")", difference);
    }

    private void judge(
            String goal,
            List<Comparison> found,
            BiFunction<Interval, Interval, String> text,
            BiPredicate<Interval, Interval> meets) {
        Interval ratio = found.isEmpty() ? null : found.get(0).ratio();
        Interval difference = found.isEmpty() ? null : found.get(0).difference();
        if (ratio == null || difference == null) {
            add(goal, "no pair of counting runs", Status.NOT_MEASURED);
            return;
        }
        int pairs = found.get(0).pairs();
        String measured = text.apply(ratio, difference) + ", " + pairs + (pairs == 1 ? " pair" : " pairs");
        judge(goal, measured, ratio, meets.test(ratio, difference));
    }

    private void judge(String goal, String measured, Interval interval, boolean met) {
        if (interval.conclusive()) {
            add(goal, measured, met ? Status.MET : Status.MISSED);
        } else {
            add(goal, measured + "; 6 are needed to judge", Status.NOT_MEASURED);
        }
    }

    private static String text(String format, Interval interval) {
        return format(format, interval.median(), interval.low(), interval.high());
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    private void add(String goal, String measured, Status status) {
        goals.add(new Goal(broker, goal, measured, status));
    }
}
