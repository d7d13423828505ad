package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.util.List;

/** Percentiles at steady rates, and what a caller waits for. */
final class LatencySection implements Section {
    @Override
    public String id() {
        return "latency";
    }

    @Override
    public String title() {
        return "Latency";
    }

    @Override
    public void write(Html out, Results results) {
        out.element(
                "p",
                "How long does a message take, from the moment it was to be sent until its handler starts, at a rate that does"
                        + " not wait for answers? Loads are shares of the capacity of the slower arm, so that both get the same"
                        + " rate. Where the load generator itself was late by more than a fifth of the p99, or the arm fell"
                        + " behind the rate, the figures do not count and are shown in grey. A curve is a run: the farther to the"
                        + " right, the rarer the messages that take as long; p99.9 is one in a thousand.");
        for (BrokerInfo broker : results.brokers()) {
            List<RunResult> runs = results.runs().stream()
                    .filter(run -> run.broker().equals(broker.name())
                            && run.scenario().equals("latency")
                            && run.parameters().get("load") != null)
                    .toList();
            if (runs.isEmpty()) {
                continue;
            }
            Captions.heading(out, id(), broker.name(), broker.title());
            Captions.write(out, results, id(), broker.name());
            if (runs.stream().anyMatch(run -> run.counts())) {
                out.raw("<div class=\"chart\" style=\"height:340px\"><canvas role=\"img\" aria-label=\"Latency"
                        + " percentiles; the table below holds the figures\" data-chart=\"latency\" data-broker=\""
                        + Html.escape(broker.name()) + "\"></canvas></div>");
            }
            out.fold(Format.counted(runs.size(), "run") + " with percentiles, and how late the generator itself was");
            out.head(
                    "Load", "Arm", "#msg/s", "#p50", "#p90", "#p99", "#p99.9", "#max", "#Generator late p99", "Counts");
            runs.forEach(run -> row(out, run));
            out.foot().unfold();
        }
        callers(out, results);
    }

    private static void row(Html out, RunResult run) {
        LatencyMicros latency = run.latencyMicros();
        LatencyMicros lag = run.generatorLagMicros();
        out.raw(run.counts() ? "<tr>" : "<tr class=\"void\">")
                .element(
                        "th scope=\"row\"",
                        String.valueOf(run.parameters().get("load")).replace(' ', '\u00a0'))
                .element("td class=\"arm " + run.arm() + "\"", run.arm())
                .element("td class=\"n\"", Format.count(run.messagesPerSecond()))
                .element("td class=\"n strong\"", Format.micros(latency == null ? null : (Double) latency.p50()))
                .element("td class=\"n\"", Format.micros(latency == null ? null : (Double) latency.p90()))
                .element("td class=\"n strong\"", Format.micros(latency == null ? null : (Double) latency.p99()))
                .element("td class=\"n\"", Format.micros(latency == null ? null : (Double) latency.p999()))
                .element("td class=\"n\"", Format.micros(latency == null ? null : (Double) latency.max()))
                .element("td class=\"n\"", Format.micros(lag == null ? null : (Double) lag.p99()))
                .element("td class=\"why\"", run.reason() == null ? "yes" : "no: " + run.reason())
                .raw("</tr>");
    }

    private static void callers(Html out, Results results) {
        List<RunResult> runs = results.runs().stream()
                .filter(run -> run.callerMicros() != null)
                .toList();
        if (runs.isEmpty()) {
            return;
        }
        out.raw("<h3 id=\"async-response\">")
                .text("How long a caller is kept")
                .raw("</h3>")
                .raw("<p>")
                .text("The same work twice: the caller calls a service that takes so long, or publishes a message to a"
                        + " handler that takes so long and goes on once the broker has confirmed.")
                .raw("</p>");
        out.head(
                "Broker",
                "#Service takes",
                "#Calling p50",
                "#Calling p99",
                "#Publishing p50",
                "#Publishing p99",
                "Counts");
        for (RunResult run : runs) {
            if (run.callerMicros() == null) {
                continue;
            }
            LatencyMicros call = run.callerMicros().get("synchronous");
            LatencyMicros publish = run.callerMicros().get("published");
            out.raw(run.counts() ? "<tr>" : "<tr class=\"void\">")
                    .element("th scope=\"row\"", Format.title(results, run.broker()))
                    .element("td class=\"n\"", run.parameters().get("serviceMillis") + " ms")
                    .element("td class=\"n\"", Format.micros(call == null ? null : (Double) call.p50()))
                    .element("td class=\"n\"", Format.micros(call == null ? null : (Double) call.p99()))
                    .element("td class=\"n strong\"", Format.micros(publish == null ? null : (Double) publish.p50()))
                    .element("td class=\"n\"", Format.micros(publish == null ? null : (Double) publish.p99()))
                    .element("td class=\"why\"", run.reason() == null ? "yes" : "no: " + run.reason())
                    .raw("</tr>");
        }
        out.foot();
        for (BrokerInfo broker : results.brokers()) {
            Captions.write(out, results, "callers", broker.name(), true);
        }
    }
}
