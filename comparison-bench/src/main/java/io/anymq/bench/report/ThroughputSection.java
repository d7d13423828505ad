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
        out.raw("<p>")
                .text(
                        "Messages of 1 KiB sent, confirmed and handled per second. The window is how many may be under way"
                                + " at once: one at a time shows the round trip, 1,000 the capacity. Every dot is a run in a JVM of"
                                + " its own; a cross is a run that does not count. The axis is logarithmic.")
                .raw("</p>");
        for (BrokerInfo broker : results.brokers()) {
            Map<Integer, Map<String, List<RunResult>>> groups = groups(results, broker.name());
            if (groups.isEmpty()) {
                continue;
            }
            out.element("h3", broker.title());
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

    private static Map<Integer, Map<String, List<RunResult>>> groups(Results results, String broker) {
        Map<Integer, Map<String, List<RunResult>>> groups = new TreeMap<>();
        for (RunResult run : results.runs()) {
            if (run.broker().equals(broker) && run.parameters().get("window") instanceof Number window) {
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
