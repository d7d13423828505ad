package io.anymq.tck;

import io.anymq.spi.Capability;
import java.util.Locale;

/** A {@link ConformanceReport} for people: one page without scripts, readable offline. */
final class ConformancePage {
    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
                   color-scheme: light dark; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
            .FAILED { color: #c0262d; font-weight: bold; }
            .PASSED { color: #1a7f37; }
            .SKIPPED, .ENGINE { color: #777; }
            td.time { text-align: right; white-space: nowrap; }
            pre { white-space: pre-wrap; margin: .2rem 0 0; font-size: .85rem; }
            @media (prefers-color-scheme: dark) { .PASSED { color: #57ab5a; } .FAILED { color: #f47067; } }
            """;

    private ConformancePage() {}

    static String of(ConformanceReport report) {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                .append(
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Conformance of ")
                .append(escaped(report.adapter()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Conformance of ")
                .append(escaped(report.adapter()))
                .append("</h1>\n<p>");
        for (RuleResult.Status status : RuleResult.Status.values()) {
            out.append(report.with(status).size())
                    .append(' ')
                    .append(result(status))
                    .append(", ");
        }
        out.setLength(out.length() - 2);
        out.append(".</p>\n<h2>Capabilities</h2>\n<table>\n");
        for (Capability capability : Capability.values()) {
            out.append("<tr><td>").append(capability).append("</td><td>");
            out.append(word(report.capabilities().of(capability))).append("</td></tr>\n");
        }
        out.append("</table>\n<h2>Rules</h2>\n<table>\n<tr><th>Rule</th><th>What must hold</th><th>Result</th>")
                .append("<th>Time</th></tr>\n");
        report.results().forEach(result -> row(result, out));
        return out.append("</table>\n</body></html>\n").toString();
    }

    private static void row(RuleResult result, StringBuilder out) {
        out.append("<tr id=\"")
                .append(result.id())
                .append("\"><td>")
                .append(result.id())
                .append("</td><td>");
        out.append(escaped(result.sentence()));
        if (!result.detail().isEmpty()) {
            out.append("<pre>").append(escaped(result.detail())).append("</pre>");
        }
        out.append("</td><td class=\"").append(result.status()).append("\">").append(result(result.status()));
        out.append("</td><td class=\"time\">").append(result.time().toMillis()).append(" ms</td></tr>\n");
    }

    private static String result(RuleResult.Status status) {
        return status == RuleResult.Status.ENGINE ? "verified on the engine" : word(status);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
