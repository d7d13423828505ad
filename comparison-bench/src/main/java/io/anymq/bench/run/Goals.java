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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    private Goals(String broker, List<RunResult> runs, List<Comparison> comparisons) {
        this.broker = broker;
        this.runs = runs.stream().filter(run -> run.broker().equals(broker)).toList();
        this.comparisons = comparisons.stream()
                .filter(comparison -> comparison.broker().equals(broker))
                .toList();
    }

    /** All goals of these brokers, those that nothing was measured for included. */
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

    private void correctness() {
        String goal = "nothing lost, repeated or out of order in any run";
        long incorrect = runs.stream().filter(RunResult::incorrect).count();
        long checked = runs.stream().mapToLong(RunResult::received).sum();
        List<HistoryCheck> histories =
                runs.stream().map(RunResult::history).filter(Objects::nonNull).toList();
        long followed = histories.stream().mapToLong(HistoryCheck::messages).sum();
        if (checked == 0) {
            add(goal, "no message arrived in any run", Status.NOT_MEASURED);
        } else {
            add(
                    goal,
                    String.format(
                            Locale.ROOT,
                            "%,d messages checked by the ledger in %d runs, the whole story of %,d of them by the history"
                                    + " checker in %d; %d runs failed",
                            checked,
                            runs.size(),
                            followed,
                            histories.size(),
                            incorrect),
                    incorrect == 0 ? Status.MET : Status.MISSED);
        }
    }

    private void firstMessage() {
        String goal = String.format(
                Locale.ROOT, "a fresh consumer has its first message within %d s", FIRST_MESSAGE_MILLIS / 1_000);
        List<Map<String, Double>> found = runs.stream()
                .filter(run ->
                        FirstMessage.ADAPTER_VARIANT.equals(run.parameters().get("variant")))
                .flatMap(run -> Stream.ofNullable(run.findings()))
                .toList();
        long consumers = sum(found, FirstMessage.ROUNDS);
        if (consumers == 0) {
            add(goal, "no fresh consumer in this comparison", Status.NOT_MEASURED);
            return;
        }
        double slowest = found.stream()
                .mapToDouble(each -> each.getOrDefault(FirstMessage.SLOWEST, Double.POSITIVE_INFINITY))
                .max()
                .orElseThrow();
        add(
                goal,
                String.format(Locale.ROOT, "the slowest of %d took %,.0f ms", consumers, slowest),
                slowest <= FIRST_MESSAGE_MILLIS ? Status.MET : Status.MISSED);
    }

    private void inMemory() {
        ratio("throughput at least 0.25 × that of an ArrayBlockingQueue with futures", "throughput", "", false, 0.25);
        absoluteThroughput();
        difference(
                "at most 256 bytes allocated per message beyond the reference", "allocated-per-message", "", 256, " B");
        peer("at least 10 × ActiveMQ vm:// and 20 × Artemis in-VM, with ack and per-key order");
        peer("at least 0.5 × the Vert.x local event bus");
        policies(0.60);
    }

    private void overVendor() {
        ratio(
                "throughput at least " + (broker.equals(KAFKA) ? "0.90" : "0.95") + " × the plain client",
                "throughput",
                "",
                false,
                broker.equals(KAFKA) ? 0.90 : 0.95);
        ratio(
                "client CPU per message at most " + (broker.equals(KAFKA) ? "1.15" : "1.10") + " × the plain client",
                "cpu-per-message",
                "",
                true,
                broker.equals(KAFKA) ? 1.15 : 1.10);
        difference(
                "at most 256 bytes allocated per message beyond the plain client",
                "allocated-per-message",
                "",
                256,
                " B");
        ratioOrDifference("p50 at 30 % load at most 1.05 × or + 20 µs", "latency-p50", "30 %", 1.05, 20);
        ratio("p99 at 30 % load at most 1.10 ×", "latency-p99", "30 %", true, 1.10);
        difference("p50 at 10 msg/s at most + 0.2 ms", "latency-p50", "10 msg/s", 200, " µs");
        policies(0.85);
        crash();
        difference("after the broker's crash back within 1 s of the plain client", "failover-pause", "", 1, " s");
    }

    /** AnyMQ against itself: what its policies cost. */
    private void policies(double idempotent) {
        hotKey();
        ratio("per-key order at least 0.90 × unordered, uniform keys", "key-order-throughput", "", false, 0.90);
        ratio(
                String.format(Locale.ROOT, "idempotency on at least %.2f × off", idempotent),
                "idempotency-throughput",
                "",
                false,
                idempotent);
        ratio("1 % poison at least 0.90 × clean", "poison-throughput", "", false, 0.90);
        ratio("1 % poison: p99 of the other keys at most 1.5 ×", "poison-p99", "", true, 1.5);
        graveyard();
    }

    private List<Map<String, Double>> findings(String scenario, String variant) {
        return runs.stream()
                .filter(run -> run.scenario().equals(scenario)
                        && variant.equals(run.parameters().get("variant"))
                        && run.counts())
                .map(RunResult::findings)
                .filter(Objects::nonNull)
                .toList();
    }

    private void hotKey() {
        List<Double> shares = findings(PolicyCostScenario.NAME, PolicyCostScenario.ZIPF).stream()
                .flatMap(found -> Stream.ofNullable(found.get(Measurement.HOT_KEY_SHARE)))
                .toList();
        atLeast("Zipf keys: at least 0.85 of what the most frequent key allows", shares, 0.85, "%.2f");
    }

    private void graveyard() {
        String goal = "1 % poison: the dead letter is complete";
        List<Map<String, Double>> found = findings(PolicyCostScenario.NAME, PolicyCostScenario.POISON);
        long poisoned = sum(found, Measurement.POISONED);
        long buried = sum(found, Measurement.DEAD_LETTERS);
        if (poisoned == 0) {
            add(goal, "no counting run", Status.NOT_MEASURED);
        } else {
            add(
                    goal,
                    String.format(Locale.ROOT, "%,d of %,d poisoned messages in the dead letter", buried, poisoned),
                    buried == poisoned ? Status.MET : Status.MISSED);
        }
    }

    private void crash() {
        String goal = String.format(
                Locale.ROOT, "after the broker's crash nothing lost, at most %,d repeated", Comparer.MAX_IN_FLIGHT);
        List<RunResult> crashes = runs.stream()
                .filter(run -> run.scenario().equals("failover")
                        && Failover.ADAPTER_VARIANT.equals(run.parameters().get("variant"))
                        && run.findings() != null)
                .toList();
        if (crashes.isEmpty()) {
            add(goal, "no crash in this comparison", Status.NOT_MEASURED);
            return;
        }
        long lost = crashes.stream()
                .mapToLong(run -> sum(List.of(Objects.requireNonNull(run.findings())), Failover.LOST))
                .sum();
        long most = crashes.stream()
                .mapToLong(run -> sum(List.of(Objects.requireNonNull(run.findings())), Failover.REPEATED))
                .max()
                .orElse(0);
        boolean fine =
                lost == 0 && most <= Comparer.MAX_IN_FLIGHT && crashes.stream().noneMatch(RunResult::incorrect);
        add(
                goal,
                String.format(Locale.ROOT, "%,d lost, at most %,d repeated, in %d crashes", lost, most, crashes.size()),
                fine ? Status.MET : Status.MISSED);
    }

    private static long sum(List<Map<String, Double>> found, String finding) {
        return found.stream()
                .mapToLong(each -> Math.round(each.getOrDefault(finding, 0.0)))
                .sum();
    }

    private void peer(String goal) {
        add(
                goal,
                "measured by the micro-benchmarks, in one JVM with its peers: docs/benchmark.md",
                Status.NOT_MEASURED);
    }

    private void absoluteThroughput() {
        List<Double> rates = runs.stream()
                .filter(run -> run.counts() && run.arm().equals("adapter"))
                .filter(run -> "1000".equals(String.valueOf(run.parameters().get("window"))))
                .flatMap(run -> Stream.ofNullable(run.messagesPerSecond()))
                .toList();
        atLeast("1,000,000 msg/s on a quiet machine", rates, 1_000_000, "%,.0f");
    }

    /** Judged by the lower end of what the runs say. */
    private void atLeast(String goal, List<Double> values, double least, String format) {
        if (values.isEmpty()) {
            add(goal, "no counting run", Status.NOT_MEASURED);
            return;
        }
        Interval interval = Statistics.medianInterval(values);
        String measured = String.format(
                Locale.ROOT,
                "median " + format + " (" + format + " – " + format + "), %d %s",
                Statistics.median(values),
                interval.low(),
                interval.high(),
                values.size(),
                values.size() == 1 ? "run" : "runs");
        if (!interval.conclusive()) {
            add(goal, measured + "; 6 are needed to judge", Status.NOT_MEASURED);
        } else {
            add(goal, measured, interval.low() >= least ? Status.MET : Status.MISSED);
        }
    }

    private void ratio(String goal, String metric, String load, boolean atMost, double limit) {
        judged(goal, metric, load, ratioText(), comparison -> {
            Double low = comparison.min();
            Double high = comparison.max();
            return low != null && high != null && (atMost ? high <= limit : low >= limit);
        });
    }

    private void difference(String goal, String metric, String load, double limit, String unit) {
        judged(goal, metric, load, differenceText(unit), comparison -> within(comparison.differenceMax(), limit));
    }

    private void ratioOrDifference(String goal, String metric, String load, double ratio, double difference) {
        judged(
                goal,
                metric,
                load,
                comparison -> ratioText().of(comparison) + "; "
                        + differenceText(" µs").of(comparison),
                comparison -> within(comparison.max(), ratio) || within(comparison.differenceMax(), difference));
    }

    private static boolean within(@Nullable Double value, double limit) {
        return value != null && value <= limit;
    }

    /** Says what a comparison came to. */
    private interface Text {
        String of(Comparison comparison);
    }

    private static Text ratioText() {
        return comparison -> String.format(
                Locale.ROOT, "%.2f × (%.2f – %.2f)", comparison.median(), comparison.min(), comparison.max());
    }

    private static Text differenceText(String unit) {
        return comparison -> String.format(
                Locale.ROOT,
                unit.equals(" s") ? "%+,.1f%s (%+,.1f to %+,.1f)" : "%+,.0f%s (%+,.0f to %+,.0f)",
                comparison.differenceMedian(),
                unit,
                comparison.differenceMin(),
                comparison.differenceMax());
    }

    private void judged(String goal, String metric, String load, Text text, Predicate<Comparison> meets) {
        Optional<Comparison> found = comparisons.stream()
                .filter(comparison -> comparison.metric().equals(metric))
                .filter(comparison ->
                        load.isEmpty() || load.equals(comparison.parameters().get("load")))
                .findFirst();
        Double confidence = found.map(Comparison::confidence).orElse(null);
        if (found.isEmpty() || confidence == null) {
            add(goal, "no pair of counting runs", Status.NOT_MEASURED);
            return;
        }
        Comparison comparison = found.get();
        String measured =
                text.of(comparison) + ", " + comparison.pairs() + (comparison.pairs() == 1 ? " pair" : " pairs");
        if (confidence < Interval.REQUIRED_CONFIDENCE) {
            add(goal, measured + "; 6 are needed to judge", Status.NOT_MEASURED);
        } else {
            add(goal, measured, meets.test(comparison) ? Status.MET : Status.MISSED);
        }
    }

    private void add(String goal, String measured, Status status) {
        goals.add(new Goal(broker, goal, measured, status));
    }
}
