package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A question by which a broker is chosen, answered by the median of the runs through AnyMQ that count. Immutable. */
final class Choice {
    static final List<Choice> ALL = List.of(
            new Choice(
                    "much has to go through",
                    "Messages/s",
                    "throughput",
                    true,
                    run -> window(run, 1_000),
                    rate(),
                    Format::count),
            new Choice(
                    "each message has to be confirmed and handled before the next",
                    "One by one",
                    "throughput",
                    true,
                    run -> window(run, 1),
                    rate(),
                    Format::count),
            new Choice(
                    "a message has to arrive soon at a moderate load",
                    "p50 at 30 % load",
                    "latency",
                    false,
                    run -> load(run, "30 %"),
                    latency(LatencyMicros::p50),
                    Format::micros),
            new Choice(
                    "even the slowest messages have to arrive soon",
                    "p99 at 30 % load",
                    "latency",
                    false,
                    run -> load(run, "30 %"),
                    latency(LatencyMicros::p99),
                    Format::micros),
            new Choice(
                    "work has to go on soon after a crash of the broker",
                    "Back after a crash",
                    "failover",
                    false,
                    run -> run.scenario().equals("failover"),
                    finding("seconds without a message handled"),
                    Format::seconds),
            new Choice(
                    "processor time is what costs",
                    "CPU per message",
                    "cost",
                    false,
                    run -> window(run, 1_000),
                    Choice::cpu,
                    Format::micros));

    /** A broker has to be ahead of the next one by this factor to be named: less is the machine's noise. */
    static final double AHEAD = 1.25;

    private final String when;
    private final String column;
    private final String evidence;
    private final boolean moreIsBetter;
    private final Predicate<RunResult> runs;
    private final Function<RunResult, @Nullable Double> figure;
    private final Function<Double, String> format;

    private Choice(
            String when,
            String column,
            String evidence,
            boolean moreIsBetter,
            Predicate<RunResult> runs,
            Function<RunResult, @Nullable Double> figure,
            Function<Double, String> format) {
        this.when = when;
        this.column = column;
        this.evidence = evidence;
        this.moreIsBetter = moreIsBetter;
        this.runs = runs;
        this.figure = figure;
        this.format = format;
    }

    /** Follows "choose it when". */
    String when() {
        return when;
    }

    String column() {
        return column;
    }

    /** The anchor of what a broker's figure was made from. */
    String evidence(String broker) {
        return Captions.anchor(evidence, broker);
    }

    /** Null where no run counts. */
    @Nullable
    Double of(Results results, String broker) {
        List<Double> values = new ArrayList<>();
        for (RunResult run : results.runs()) {
            Double value = figure.apply(run);
            if (run.broker().equals(broker)
                    && run.arm().equals("adapter")
                    && run.counts()
                    && runs.test(run)
                    && value != null) {
                values.add(value);
            }
        }
        return values.isEmpty() ? null : Statistics.median(values);
    }

    /** The broker with a process of its own that is ahead of all others, or null; an embedded one promises something else. */
    @Nullable
    BrokerInfo best(Results results) {
        record Placed(BrokerInfo broker, double value) {}
        List<Placed> placed = new ArrayList<>();
        for (BrokerInfo broker : results.brokers()) {
            Double value = of(results, broker.name());
            if (value != null && !"embedded".equals(broker.via())) {
                placed.add(new Placed(broker, value));
            }
        }
        // A smoke test's runs of a second are no ground to choose by.
        if (placed.size() < 2 || results.plan().profile().equals("smoke")) {
            return null;
        }
        Comparator<Placed> order = Comparator.comparingDouble(Placed::value);
        placed.sort(moreIsBetter ? order.reversed() : order);
        double first = placed.get(0).value();
        double second = placed.get(1).value();
        boolean ahead = moreIsBetter ? first >= second * AHEAD : first * AHEAD <= second;
        return ahead ? placed.get(0).broker() : null;
    }

    String text(double value) {
        return format.apply(value);
    }

    private static boolean window(RunResult run, int size) {
        return Loads.isClosed(run)
                && String.valueOf(size).equals(String.valueOf(run.parameters().get("window")));
    }

    private static boolean load(RunResult run, String load) {
        return run.scenario().equals("latency") && load.equals(run.parameters().get("load"));
    }

    private static Function<RunResult, @Nullable Double> rate() {
        return RunResult::messagesPerSecond;
    }

    private static Function<RunResult, @Nullable Double> latency(Function<LatencyMicros, Double> percentile) {
        return run -> {
            LatencyMicros latency = run.latencyMicros();
            return latency == null ? null : percentile.apply(latency);
        };
    }

    private static Function<RunResult, @Nullable Double> finding(String name) {
        return run -> {
            Map<String, Double> findings = run.findings();
            return findings == null ? null : findings.get(name);
        };
    }

    private static @Nullable Double cpu(RunResult run) {
        Double client = run.cpuMicrosPerMessage();
        Double broker = run.brokerCpuMicrosPerMessage();
        return client == null || broker == null ? null : (Double) (client + broker);
    }
}
