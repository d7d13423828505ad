package io.anymq.tck;

import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The results of one adapter.
 *
 * @param adapter its name
 * @param capabilities the declared capabilities
 * @param results one per rule, in the order of the specification, those that were left to the engine at the end
 */
public record ConformanceReport(String adapter, Capabilities capabilities, List<RuleResult> results) {
    private static final int INDENT = 4;

    /** Copies the list. */
    public ConformanceReport {
        results = List.copyOf(results);
    }

    /** The result of one rule. */
    public Optional<RuleResult> result(String id) {
        return results.stream().filter(result -> result.id().equals(id)).findFirst();
    }

    /** The rules that ended so. */
    public List<RuleResult> with(RuleResult.Status status) {
        return results.stream().filter(result -> result.status() == status).toList();
    }

    /** One line in all, then one per rule with its time and, unless it passed, the reason. */
    public String summary() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "Conformance of %s: %d rules passed, %d failed, %d skipped%s%n",
                adapter,
                with(RuleResult.Status.PASSED).size(),
                with(RuleResult.Status.FAILED).size(),
                with(RuleResult.Status.SKIPPED).size(),
                engineRules()));
        for (RuleResult result : results) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-7s %-7s %6d ms%s%n",
                    result.id(),
                    result.status(),
                    result.time().toMillis(),
                    reason(result)));
        }
        return out.toString();
    }

    private String engineRules() {
        int rules = with(RuleResult.Status.ENGINE).size();
        return rules == 0 ? "" : ", " + rules + " of the engine verified elsewhere";
    }

    private static String reason(RuleResult result) {
        return switch (result.status()) {
            case PASSED -> "";
            case SKIPPED, ENGINE -> "  (" + result.detail() + ")";
            case FAILED ->
                System.lineSeparator() + result.detail().indent(INDENT).stripTrailing();
        };
    }

    /** Writes {@code <adapter>.json} and {@code <adapter>.html} into {@code folder}; returns the former. */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(adapter + ".html"), ConformancePage.of(this));
        return Files.writeString(folder.resolve(adapter + ".json"), json());
    }

    /** The report as JSON. */
    public String json() {
        StringBuilder out = new StringBuilder("{\n  \"adapter\": ").append(quoted(adapter));
        for (RuleResult.Status status : RuleResult.Status.values()) {
            out.append(",\n  \"").append(status.name().toLowerCase(Locale.ROOT)).append("\": ");
            out.append(with(status).size());
        }
        out.append(",\n  \"capabilities\": {");
        String comma = "";
        for (Capability capability : Capability.values()) {
            out.append(comma).append(quoted(capability.name())).append(": ");
            out.append(quoted(capabilities.of(capability).name()));
            comma = ", ";
        }
        out.append("},\n  \"rules\": [");
        String separator = "\n";
        for (RuleResult result : results) {
            out.append(separator).append("    {\"id\": ").append(quoted(result.id()));
            out.append(", \"status\": ").append(quoted(result.status().name()));
            out.append(", \"millis\": ").append(result.time().toMillis());
            out.append(", \"sentence\": ").append(quoted(result.sentence()));
            out.append(", \"detail\": ").append(quoted(result.detail())).append('}');
            separator = ",\n";
        }
        return out.append("\n  ]\n}\n").toString();
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.append('"').toString();
    }
}
