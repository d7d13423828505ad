package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.LatencyScenario;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The measurements: throughput, latency, cost, and every run. */
final class FigureSections {
    private FigureSections() {}

    /** Runs of one arm that are summed up in a row. */
    record Group(BrokerInfo broker, String window, String arm, List<RunResult> runs) {
        private List<RunResult> counting() {
            return runs.stream().filter(RunResult::counts).toList();
        }

        private @Nullable Double median(Function<RunResult, @Nullable Double> figure) {
            return Statistics.median(counting(), figure);
        }

        @Nullable
        Double client() {
            return median(RunResult::cpuMicrosPerMessage);
        }

        @Nullable
        Double server() {
            return median(RunResult::brokerCpuMicrosPerMessage);
        }

        private String extreme(Function<Collection<Double>, Double> which) {
            List<Double> rates = Statistics.figures(counting(), RunResult::rate);
            return rates.isEmpty() ? Format.NONE : Format.count(which.apply(rates));
        }

        private String size() {
            int counting = counting().size();
            return counting == runs.size() ? "" + counting : counting + " of " + runs.size();
        }
    }

    /** The runs of a broker by window and arm. */
    private static List<Group> groups(Results results, BrokerInfo broker, Predicate<RunResult> condition) {
        Map<Integer, Map<String, List<RunResult>>> groups = new TreeMap<>();
        for (RunResult run : Runs.of(results, broker.name(), condition)) {
            groups.computeIfAbsent(Integer.valueOf(run.parameter("window")), window -> new TreeMap<>())
                    .computeIfAbsent(run.arm(), arm -> new ArrayList<>())
                    .add(run);
        }
        List<Group> rows = new ArrayList<>();
        groups.forEach((window, arms) ->
                arms.forEach((arm, runs) -> rows.add(new Group(broker, Format.whole(window), arm, runs))));
        return rows;
    }

    private static String data(BrokerInfo broker) {
        return " data-broker=\"" + Html.escape(broker.name()) + "\"";
    }

    static void throughput(Html out, Results results) {
        out.paragraph("throughput.intro");
        List<Group> full = results.brokers().stream()
                .flatMap(broker -> groups(results, broker, Runs::isFull).stream())
                .toList();
        if (full.stream().map(Group::broker).distinct().count() > 1) {
            out.element("h3", Texts.of("throughput.overview"));
            out.chart(full.size() * 30L + 84, Texts.of("throughput.overview.chart"), "overview", "");
        }
        Table<Group> table = new Table<Group>()
                .name("Window", Group::window)
                .arm(Group::arm)
                .strong("Median msg/s", group -> Format.count(group.median(RunResult::rate)))
                .number("Lowest", group -> group.extreme(Collections::min))
                .number("Highest", group -> group.extreme(Collections::max))
                .number("Runs", Group::size)
                .number("Client CPU µs/msg", group -> Format.count(group.client()));
        for (BrokerInfo broker : results.brokers()) {
            List<Group> groups = groups(results, broker, Runs::isClosed);
            if (!groups.isEmpty()) {
                out.heading("throughput-" + broker.name(), broker.title());
                Answers.captions(out, results, "throughput", broker.name());
                out.chart(groups.size() * 34L + 70, Texts.of("throughput.chart"), "throughput", data(broker));
                table.write(out, groups);
            }
        }
    }

    static void latency(Html out, Results results) {
        out.paragraph("latency.intro");
        Table<RunResult> table = new Table<RunResult>()
                .name("Load", run -> run.parameter("load").replace(' ', '\u00a0'))
                .arm(RunResult::arm)
                .number("msg/s", run -> Format.count(run.rate()))
                .strong("p50", total(LatencyMicros::p50))
                .number("p90", total(LatencyMicros::p90))
                .strong("p99", total(LatencyMicros::p99))
                .number("p99.9", total(LatencyMicros::p999))
                .number("max", total(LatencyMicros::max))
                .number("Generator late p99", micros(run -> run.latency().generatorLag(), LatencyMicros::p99))
                .counts(run -> run);
        for (BrokerInfo broker : results.brokers()) {
            List<RunResult> runs = Runs.of(results, broker.name(), Runs::isLatency);
            if (runs.isEmpty()) {
                continue;
            }
            out.heading("latency-" + broker.name(), broker.title());
            Answers.captions(out, results, LatencyScenario.NAME, broker.name());
            if (runs.stream().anyMatch(RunResult::counts)) {
                out.chart(340, Texts.of("latency.chart"), "latency", data(broker));
            }
            out.fold(Texts.of("latency.fold", Format.counted(runs.size(), "run")));
            table.write(out, runs);
            out.unfold();
        }
    }

    private static Function<RunResult, String> total(ToDoubleFunction<LatencyMicros> percentile) {
        return micros(run -> run.latency().total(), percentile);
    }

    private static Function<RunResult, String> micros(
            Function<RunResult, @Nullable LatencyMicros> latency, ToDoubleFunction<LatencyMicros> percentile) {
        return run -> {
            LatencyMicros found = latency.apply(run);
            return found == null ? Format.NONE : Format.micros(percentile.applyAsDouble(found));
        };
    }

    /** The counting runs at full load, by broker and arm. */
    static List<Group> costs(Results results) {
        return results.brokers().stream()
                .flatMap(broker -> groups(results, broker, run -> run.counts() && Runs.isFull(run)).stream())
                .toList();
    }

    static void cost(Html out, Results results) {
        List<Group> groups = costs(results);
        if (groups.isEmpty()) {
            out.paragraph("cost.none");
            return;
        }
        out.paragraph("cost.intro");
        out.chart(groups.size() * 30L + 84, Texts.of("cost.chart"), "cost", "");
        new Table<Group>()
                .name("Broker", group -> group.broker().title())
                .arm(Group::arm)
                .strong("Client CPU s per million", group -> Format.count(group.client()))
                .strong("Broker CPU s per million", group -> Format.count(group.server()))
                .number(
                        "Client allocates B per msg",
                        group -> Format.count(group.median(RunResult::allocatedPerMessage)))
                .number(
                        "Broker writes B per msg",
                        group -> Format.count(group.median(RunResult::brokerWrittenPerMessage)))
                .number(
                        "Client memory",
                        group -> bytes(group, run -> run.usage().client().residentBytes()))
                .number(
                        "Broker memory",
                        group -> bytes(group, run -> run.usage().brokerResidentBytes()))
                .number("Runs", group -> "" + group.runs.size())
                .rows(group -> groups.indexOf(group) > 0
                                && groups.get(groups.indexOf(group) - 1).broker.equals(group.broker)
                        ? "<tr>"
                        : "<tr id=\"cost-" + Html.escape(group.broker.name()) + "\">")
                .write(out, groups);
    }

    private static String bytes(Group group, Function<RunResult, @Nullable Long> figure) {
        return Format.bytes(group.median(run -> {
            Long bytes = figure.apply(run);
            return bytes == null ? null : (Double) bytes.doubleValue();
        }));
    }

    static void runs(Html out, Results results) {
        out.paragraph("runs.intro");
        Table<RunResult> table = new Table<RunResult>()
                .name("Run", RunResult::id)
                .arm(RunResult::arm)
                .text("Scenario", RunResult::scenario)
                .text("Parameters", "nowrap", run -> Format.parameters(run.run().parameters()))
                .strong("msg/s", run -> Format.count(run.rate()))
                .number("p50", total(LatencyMicros::p50))
                .number("p99", total(LatencyMicros::p99))
                .number("max", total(LatencyMicros::max))
                .number("CPU µs/msg", run -> Format.count(run.cpuMicrosPerMessage()))
                .number("Broker CPU µs/msg", run -> Format.count(run.brokerCpuMicrosPerMessage()))
                .number("Alloc. B/msg", run -> Format.count(run.allocatedPerMessage()))
                .number("Client RSS", run -> Format.bytes(run.usage().client().residentBytes()))
                .number("Sent", run -> Format.whole(run.messages().sent()))
                .flaws("Lost", run -> run.messages().lost())
                .flaws("Dupl.", run -> run.messages().duplicates())
                .flaws("Order", run -> run.messages().orderBreaks())
                .counts(run -> run);
        for (BrokerInfo broker : results.brokers()) {
            List<RunResult> runs = Runs.of(results, broker.name(), run -> true);
            long flawed = runs.stream().filter(run -> !run.counts()).count();
            if (!runs.isEmpty()) {
                out.fold(broker.title() + ": " + Format.counted(runs.size(), "run")
                        + (flawed == 0 ? "" : ", of which " + flawed + " do not count"));
                table.write(out, runs);
                out.unfold();
            }
        }
    }
}
