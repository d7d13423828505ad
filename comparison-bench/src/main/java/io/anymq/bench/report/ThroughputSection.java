package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Messages per second, every run a dot. */
final class ThroughputSection implements Section {
    @Override
    public String id() {
        return "throughput";
    }

    @Override
    public String title() {
        return "Throughput";
    }

    @Override
    public void write(Html out, Results results) {
        out.element(
                "p",
                "How many messages of 1 KiB are sent, confirmed and handled per second? The window is how many may be under way"
                        + " at once: one at a time shows the round trip, 1,000 the capacity. Every dot is a run; a cross is a run"
                        + " that does not count. The axes are logarithmic.");
        overview(out, results);
        for (BrokerInfo broker : results.brokers()) {
            Map<Integer, Map<String, List<RunResult>>> groups = groups(results, broker.name());
            if (groups.isEmpty()) {
                continue;
            }
            Captions.heading(out, id(), broker.name(), broker.title());
            Captions.write(out, results, id(), broker.name());
            int rows = groups.values().stream().mapToInt(Map::size).sum();
            out.raw("<div class=\"chart\" style=\"height:" + (rows * 34 + 70)
                    + "px\"><canvas role=\"img\" aria-label=\"Throughput of every run; the table below holds the figures\""
                    + " data-chart=\"throughput\" data-broker=\"" + Html.escape(broker.name())
                    + "\"></canvas></div>");
            out.head("Window", "Arm", "#Median msg/s", "#Lowest", "#Highest", "#Runs", "#Client CPU µs/msg");
            groups.forEach((window, arms) -> arms.forEach((arm, runs) -> row(out, window, arm, runs)));
            out.foot();
        }
    }

    /** All brokers at full load beneath one another, if there are several. */
    private static void overview(Html out, Results results) {
        List<RunResult> full = results.runs().stream().filter(Loads::isFull).toList();
        long brokers = full.stream().map(RunResult::broker).distinct().count();
        if (brokers < 2) {
            return;
        }
        long rows = full.stream()
                .map(run -> run.broker() + " " + run.arm())
                .distinct()
                .count();
        out.element("h3", "All of them, 1,000 under way");
        out.raw("<div class=\"chart\" style=\"height:" + (rows * 30 + 84)
                + "px\"><canvas role=\"img\" aria-label=\"Throughput of every run with 1,000 messages under way, all brokers;"
                + " the tables below hold the figures\" data-chart=\"overview\"></canvas></div>");
    }

    private static Map<Integer, Map<String, List<RunResult>>> groups(Results results, String broker) {
        Map<Integer, Map<String, List<RunResult>>> groups = new TreeMap<>();
        for (RunResult run : results.runs()) {
            if (run.broker().equals(broker)
                    && Loads.isClosed(run)
                    && run.parameters().get("window") instanceof Number window) {
                groups.computeIfAbsent(window.intValue(), ignored -> new TreeMap<>())
                        .computeIfAbsent(run.arm(), ignored -> new ArrayList<>())
                        .add(run);
            }
        }
        return groups;
    }

    private static void row(Html out, int window, String arm, List<RunResult> runs) {
        List<Double> rates = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (RunResult run : runs) {
            Double rate = run.messagesPerSecond();
            Double micros = run.cpuMicrosPerMessage();
            if (run.counts() && rate != null) {
                rates.add(rate);
                if (micros != null) {
                    cpu.add(micros);
                }
            }
        }
        out.raw("<tr>")
                .element("th scope=\"row\"", Format.whole(window))
                .element("td class=\"arm " + arm + "\"", arm)
                .element(
                        "td class=\"n strong\"", rates.isEmpty() ? Format.NONE : Format.count(Statistics.median(rates)))
                .element("td class=\"n\"", extreme(rates, true))
                .element("td class=\"n\"", extreme(rates, false))
                .element(
                        "td class=\"n\"",
                        rates.size() == runs.size() ? "" + runs.size() : rates.size() + " of " + runs.size())
                .element("td class=\"n\"", cpu.isEmpty() ? Format.NONE : Format.count(Statistics.median(cpu)))
                .raw("</tr>");
    }

    private static String extreme(List<Double> rates, boolean lowest) {
        if (rates.isEmpty()) {
            return Format.NONE;
        }
        double value = lowest
                ? rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow()
                : rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return Format.count(value);
    }
}
