package io.anymq.bench.report;

import static io.anymq.bench.broker.BrokerUnderTest.ADAPTER;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.theory.Failover;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A question by which a broker is chosen, answered by the median of the runs through AnyMQ that count.
 *
 * @param name of its texts
 * @param evidence the section that the figures come from
 * @param moreIsBetter whether the highest figure is the best
 * @param runs the runs that count
 * @param figure what is compared
 * @param format how it reads
 */
record Choice(
        String name,
        String evidence,
        boolean moreIsBetter,
        Predicate<RunResult> runs,
        Function<RunResult, @Nullable Double> figure,
        Function<Double, String> format) {
    static final List<Choice> ALL = List.of(
            new Choice("capacity", "throughput", true, Runs::isFull, RunResult::rate, Format::count),
            new Choice("round-trip", "throughput", true, run -> Runs.hasWindow(run, 1), RunResult::rate, Format::count),
            new Choice(
                    "p50",
                    "latency",
                    false,
                    Choice::isModerate,
                    run -> run.latency().p50(),
                    Format::micros),
            new Choice(
                    "p99",
                    "latency",
                    false,
                    Choice::isModerate,
                    run -> run.latency().p99(),
                    Format::micros),
            new Choice("crash", "failover", false, run -> true, run -> run.finding(Failover.PAUSE), Format::seconds),
            new Choice("cpu", "cost", false, Runs::isFull, Choice::cpu, Format::micros));

    /** A broker is named if it leads by this factor: less is the machine's noise. */
    static final double AHEAD = 1.25;

    private static boolean isModerate(RunResult run) {
        return Runs.hasLoad(run, "30 %");
    }

    /** Follows "choose it when". */
    String when() {
        return Texts.of("choice." + name + ".when");
    }

    String column() {
        return Texts.of("choice." + name + ".column");
    }

    /** The anchor of the evidence for a broker's figure. */
    String evidence(String broker) {
        return evidence + "-" + broker;
    }

    /** Null if no run counts. */
    @Nullable
    Double of(Results results, String broker) {
        return Statistics.median(
                Runs.of(results, broker, run -> run.arm().equals(ADAPTER) && run.counts() && runs.test(run)), figure);
    }

    /** The broker with its own process that is ahead of all others, or null; an embedded one has other guarantees. */
    @Nullable
    BrokerInfo best(Results results) {
        record Placed(BrokerInfo broker, double value) {}
        List<Placed> placed = new ArrayList<>();
        for (BrokerInfo broker : results.brokers()) {
            Double value = of(results, broker.name());
            if (value != null && !Runs.isEmbedded(broker)) {
                placed.add(new Placed(broker, value));
            }
        }
        // Runs of one second, as in a smoke test, are too short to base a choice on.
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

    private static @Nullable Double cpu(RunResult run) {
        Double client = run.cpuMicrosPerMessage();
        Double broker = run.brokerCpuMicrosPerMessage();
        return client == null || broker == null ? null : (Double) (client + broker);
    }
}
