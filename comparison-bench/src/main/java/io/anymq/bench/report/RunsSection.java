package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.util.List;

/** Every run there was. */
final class RunsSection implements Section {
    @Override
    public String id() {
        return "runs";
    }

    @Override
    public String title() {
        return "Every run";
    }

    @Override
    public void write(Html out, Results results) {
        out.raw("<p>")
                .text(
                        "In the order in which they were made. Latency in closed windows is that of a full window. The same"
                                + " figures and more are in results.json and runs.csv.")
                .raw("</p>");
        for (BrokerInfo broker : results.brokers()) {
            List<RunResult> runs = results.runs().stream()
                    .filter(run -> run.broker().equals(broker.name()))
                    .toList();
            if (!runs.isEmpty()) {
                table(out, broker, runs);
            }
        }
    }

    private static void table(Html out, BrokerInfo broker, List<RunResult> runs) {
        long flawed = runs.stream().filter(run -> !run.counts()).count();
        out.fold(broker.title() + ": " + Format.counted(runs.size(), "run")
                + (flawed == 0 ? "" : ", " + flawed + " of them not counting"));
        out.head(
                "Run",
                "Arm",
                "Scenario",
                "Parameters",
                "#msg/s",
                "#p50",
                "#p99",
                "#max",
                "#CPU µs/msg",
                "#Broker CPU µs/msg",
                "#Alloc. B/msg",
                "#Client RSS",
                "#Sent",
                "#Lost",
                "#Dupl.",
                "#Order",
                "Counts");
        runs.forEach(run -> row(out, run));
        out.foot().unfold();
    }

    private static void row(Html out, RunResult run) {
        LatencyMicros latency = run.latencyMicros();
        out.raw(run.counts() ? "<tr>" : "<tr class=\"void\">")
                .element("th scope=\"row\"", run.id())
                .element("td class=\"arm " + run.arm() + "\"", run.arm())
                .element("td", run.scenario())
                .element("td class=\"nowrap\"", Format.parameters(run.parameters()))
                .element("td class=\"n strong\"", Format.count(run.messagesPerSecond()))
                .element("td class=\"n\"", Format.micros(latency == null ? null : (Double) latency.p50()))
                .element("td class=\"n\"", Format.micros(latency == null ? null : (Double) latency.p99()))
                .element("td class=\"n\"", Format.micros(latency == null ? null : (Double) latency.max()))
                .element("td class=\"n\"", Format.count(run.cpuMicrosPerMessage()))
                .element("td class=\"n\"", Format.count(run.brokerCpuMicrosPerMessage()))
                .element("td class=\"n\"", Format.count(run.allocatedBytesPerMessage()))
                .element("td class=\"n\"", Format.bytes(run.residentBytes()))
                .element("td class=\"n\"", Format.whole(run.sent()))
                .element(flaw(run.lost()), Format.whole(run.lost()))
                .element(flaw(run.duplicates()), Format.whole(run.duplicates()))
                .element(flaw(run.orderBreaks()), Format.whole(run.orderBreaks()))
                .element("td class=\"why\"", run.reason() == null ? "yes" : "no: " + run.reason())
                .raw("</tr>");
    }

    private static String flaw(long count) {
        return count == 0 ? "td class=\"n\"" : "td class=\"n flaw\"";
    }
}
