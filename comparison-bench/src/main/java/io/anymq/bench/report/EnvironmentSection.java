package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.result.Environment;
import io.anymq.bench.result.PlanInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.util.Map;

/** Where it was measured, and what both arms of each broker were told. */
final class EnvironmentSection implements Section {
    @Override
    public String id() {
        return "environment";
    }

    @Override
    public String title() {
        return "Where and how";
    }

    @Override
    public void write(Html out, Results results) {
        Environment environment = results.environment();
        PlanInfo plan = results.plan();
        out.raw("<dl class=\"facts\">");
        fact(out, "Measured", environment.measuredAt());
        fact(
                out,
                "Machine",
                environment.processors() + " processors (" + environment.cpuModel() + "), "
                        + Format.bytes(environment.memoryBytes()) + ", " + environment.virtualization());
        fact(out, "Taken by the host", stolen(results));
        fact(out, "System", environment.os() + ", " + environment.architecture());
        fact(out, "Java", environment.java());
        fact(out, "JVM of each run", environment.childJvmFlags());
        for (Map.Entry<String, String> version : environment.versions().entrySet()) {
            fact(out, version.getKey(), version.getValue());
        }
        fact(
                out,
                "Plan",
                plan.profile() + " profile, " + plan.plannedRuns() + " runs, " + plan.pairs() + " pairs, durability "
                        + plan.durability() + ", seed " + plan.seed());
        out.raw("</dl>");
        promises(out, results);
        out.element(
                "p",
                "Both arms of a broker got the same settings wherever both have them. What each was told, row by row:");
        for (BrokerInfo broker : results.brokers()) {
            if (broker.available()) {
                parity(out, broker);
            }
        }
    }

    /** The share of the processors that others had on a virtual machine's host, which is nobody's fault here. */
    static String stolen(Results results) {
        double stolen = 0;
        double whole = 0;
        double most = 0;
        for (RunResult run : results.runs()) {
            Double seconds = run.measuredSeconds();
            Double away = run.stolenSeconds();
            if (seconds != null && away != null && seconds > 0) {
                double processors = seconds * results.environment().processors();
                stolen += away;
                whole += processors;
                // The kernel books a theft when the processor comes back, which may be after it began to be counted.
                most = Math.max(most, Math.min(1, away / processors));
            }
        }
        return whole == 0
                ? Format.NONE
                : Format.percent(stolen / whole) + " of the processors' time in measured runs, at most "
                        + Format.percent(most) + " in one";
    }

    /** What a confirm means differs between brokers, and figures are worth no more than that. */
    private static void promises(Html out, Results results) {
        out.element("h3", "What a confirm promises");
        out.head("Broker", "Version", "Obtained as", "Promise");
        for (BrokerInfo broker : results.brokers()) {
            out.raw(broker.available() ? "<tr>" : "<tr class=\"void\">")
                    .element("th scope=\"row\"", broker.title())
                    .element("td", broker.version() == null ? Format.NONE : broker.version())
                    .element("td", broker.via() == null ? Format.NONE : broker.via())
                    .element(
                            "td class=\"wide\"",
                            broker.available() ? broker.guarantee() : "Not measured: " + broker.reason())
                    .raw("</tr>");
        }
        out.foot();
    }

    private static void parity(Html out, BrokerInfo broker) {
        out.raw("<details class=\"parity\"><summary>")
                .element("strong", broker.title())
                .text(": " + broker.settings().size() + " settings of both arms")
                .raw("</summary>");
        out.element("p class=\"muted\"", "Raw arm: " + broker.rawTitle() + ".");
        out.head("Setting", "Through AnyMQ", "Raw arm");
        for (Setting setting : broker.settings()) {
            out.raw("<tr>").element("th scope=\"row\"", setting.name());
            if (setting.adapter().equals(setting.raw())) {
                out.element("td colspan=\"2\" class=\"same\"", "both: " + setting.adapter());
            } else {
                out.element("td", setting.adapter()).element("td", setting.raw());
            }
            out.raw("</tr>");
        }
        out.foot();
        if (!broker.serverSettings().isEmpty()) {
            out.element("p", "The server was given:");
            if (broker.launch() != null) {
                out.element("p class=\"muted\"", broker.launch());
            }
            out.head("Setting", "Value");
            broker.serverSettings()
                    .forEach((key, value) -> out.raw("<tr>")
                            .element("th scope=\"row\"", key)
                            .element("td", value)
                            .raw("</tr>"));
            out.foot();
        }
        out.raw("</details>");
    }

    private static void fact(Html out, String name, String value) {
        out.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
    }
}
