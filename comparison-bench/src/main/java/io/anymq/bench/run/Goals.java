package io.anymq.bench.run;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Goal;
import io.anymq.bench.result.Goal.Status;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The goals, judged by the unfavourable end of the interval. Stateless. */
public final class Goals {
    private static final String IN_MEMORY = "inmemory";
    private static final String KAFKA = "kafka";

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
        if (checked == 0) {
            add(goal, "no message arrived in any run", Status.NOT_MEASURED);
        } else {
            add(
                    goal,
                    String.format(
                            Locale.ROOT,
                            "%,d messages checked in %d runs, %d runs failed",
                            checked,
                            runs.size(),
                            incorrect),
                    incorrect == 0 ? Status.MET : Status.MISSED);
        }
    }

    private void inMemory() {
        ratio("throughput at least 0.25 × that of an ArrayBlockingQueue with futures", "throughput", "", false, 0.25);
        absoluteThroughput();
        difference(
                "at most 256 bytes allocated per message beyond the reference", "allocated-per-message", "", 256, " B");
        unmeasured("at least 10 × ActiveMQ vm:// and 20 × Artemis in-VM");
        unmeasured("at least 0.5 × the Vert.x local event bus");
        unmeasured("idempotency costs at most 40 % of the throughput");
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
        unmeasured("idempotency costs at most 15 % of the throughput");
        unmeasured("after the broker's crash: 0 lost, back within 1 s of the plain client");
        unmeasured("1 % poison costs at most 10 %; dead letter complete");
    }

    private void unmeasured(String goal) {
        add(goal, "no scenario for it yet", Status.NOT_MEASURED);
    }

    private void absoluteThroughput() {
        String goal = "1,000,000 msg/s on a quiet machine";
        List<Double> rates = runs.stream()
                .filter(run -> run.counts() && run.arm().equals("adapter"))
                .filter(run -> "1000".equals(String.valueOf(run.parameters().get("window"))))
                .map(run -> run.messagesPerSecond() == null ? 0.0 : run.messagesPerSecond())
                .toList();
        if (rates.isEmpty()) {
            add(goal, "no counting run", Status.NOT_MEASURED);
            return;
        }
        Interval interval = Statistics.medianInterval(rates);
        String measured =
                String.format(Locale.ROOT, "median %,.0f msg/s in %d runs", Statistics.median(rates), rates.size());
        if (!interval.conclusive()) {
            add(goal, measured + "; too few to judge", Status.NOT_MEASURED);
        } else {
            add(
                    goal,
                    measured + String.format(Locale.ROOT, ", from %,.0f", interval.low()),
                    interval.low() >= 1_000_000 ? Status.MET : Status.MISSED);
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
                "%+,.0f%s (%+,.0f to %+,.0f)",
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
