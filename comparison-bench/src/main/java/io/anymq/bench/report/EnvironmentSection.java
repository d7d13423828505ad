package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Environment;
import io.anymq.bench.result.Results.PlanInfo;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import java.util.List;
import java.util.Map;

/** Where it was measured, what both arms of each broker were told, and what the figures cannot tell. */
final class EnvironmentSection {
    private EnvironmentSection() {}

    static void write(Html out, Results results) {
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
        environment.versions().forEach((name, version) -> fact(out, name, version));
        fact(
                out,
                "Plan",
                plan.profile() + " profile, " + plan.plannedRuns() + " runs, " + plan.pairs() + " pairs, durability "
                        + plan.durability() + ", seed " + plan.seed());
        out.raw("</dl>").element("h3", "What a confirm guarantees");
        new Table<BrokerInfo>()
                .name("Broker", BrokerInfo::title)
                .text("Version", broker -> broker.version() == null ? Format.NONE : broker.version())
                .text("Obtained as", broker -> broker.via() == null ? Format.NONE : broker.via())
                .text(
                        "Guarantee",
                        "wide",
                        broker -> broker.available() ? broker.guarantee() : "Not measured: " + broker.reason())
                .voidIf(broker -> !broker.available())
                .write(out, results.brokers());
        out.paragraph("environment.parity");
        Runs.available(results).forEach(broker -> parity(out, broker));
    }

    /** The share of the processors that a virtual machine's host gave to others. */
    static String stolen(Results results) {
        double stolen = 0;
        double whole = 0;
        double most = 0;
        for (RunResult run : results.runs()) {
            Double seconds = run.timing().measuredSeconds();
            Double away = run.usage().stolenSeconds();
            if (seconds != null && away != null && seconds > 0) {
                double processors = seconds * results.environment().processors();
                stolen += away;
                whole += processors;
                // The kernel books stolen time when the processor comes back, which may be after the run began.
                most = Math.max(most, Math.min(1, away / processors));
            }
        }
        return whole == 0
                ? Format.NONE
                : Texts.of("environment.stolen", Format.percent(stolen / whole), Format.percent(most));
    }

    private static void parity(Html out, BrokerInfo broker) {
        out.raw("<details class=\"parity\"><summary>")
                .element("strong", broker.title())
                .text(": " + broker.settings().size() + " settings of both arms")
                .raw("</summary>")
                .note("raw-arm", broker.rawTitle());
        new Table<Setting>()
                .name("Setting", Setting::name)
                .text("Through AnyMQ", Setting::adapter)
                .text("Raw arm", setting -> setting.adapter().equals(setting.raw()) ? "the same" : setting.raw())
                .write(out, broker.settings());
        if (!broker.serverSettings().isEmpty()) {
            out.element("p", "The server was given:");
            if (broker.launch() != null) {
                out.element("p class=\"muted\"", broker.launch());
            }
            new Table<Map.Entry<String, String>>()
                    .name("Setting", Map.Entry::getKey)
                    .text("Value", Map.Entry::getValue)
                    .write(out, broker.serverSettings().entrySet());
        }
        out.unfold();
    }

    private static void fact(Html out, String name, String value) {
        out.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
    }

    /** Conclusions that the figures do not support. */
    static void limits(Html out, Results results) {
        Environment environment = results.environment();
        List<String> limits = Texts.list("limit");
        out.raw("<div class=\"limits\">").paragraph("limits.intro").raw("<ul>");
        out.element("li", Texts.of("limits.machine", environment.processors(), environment.virtualization()));
        limits.forEach(limit -> out.element("li", limit));
        out.raw("</ul></div>");
    }
}
