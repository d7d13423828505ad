package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.result.Environment;
import io.anymq.bench.result.PlanInfo;
import io.anymq.bench.result.Results;
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
        for (BrokerInfo broker : results.brokers()) {
            broker(out, broker);
        }
    }

    private static void broker(Html out, BrokerInfo broker) {
        out.element("h3", broker.title());
        if (!broker.available()) {
            out.raw("<p class=\"notice\">")
                    .text("Not measured: " + broker.reason())
                    .raw("</p>");
            return;
        }
        out.raw("<p>").text(broker.guarantee()).raw("</p><p class=\"muted\">");
        out.text("Obtained as: " + broker.via() + (broker.version() == null ? "" : ", version " + broker.version())
                + ". Raw arm: " + broker.rawTitle() + ".");
        out.raw("</p>");
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
            out.raw("<details><summary>").text("Settings of the server").raw("</summary>");
            if (broker.launch() != null) {
                out.element("p class=\"muted\"", broker.launch());
            }
            out.head("Setting", "Value");
            broker.serverSettings()
                    .forEach((key, value) -> out.raw("<tr>")
                            .element("th scope=\"row\"", key)
                            .element("td", value)
                            .raw("</tr>"));
            out.foot().raw("</details>");
        }
    }

    private static void fact(Html out, String name, String value) {
        out.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
    }
}
