package io.anymq.tck;

import io.anymq.spi.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules by adapters, as a Markdown document made from the reports that {@link AdapterTck} leaves behind.
 *
 * <pre>{@code
 * java -cp … io.anymq.tck.ConformanceMatrix --check docs/conformance.md a/target/conformance/a.json …
 * }</pre>
 *
 * <p>Without {@code --check} the document is written. An adapter without a report keeps the column it has.
 */
public final class ConformanceMatrix {
    private static final Pattern ADAPTER = Pattern.compile("\"adapter\": \"([^\"]+)\"");
    private static final Pattern CAPABILITY = Pattern.compile("\"([A-Z_]+)\": \"(NATIVE|EMULATED|UNSUPPORTED)\"");
    private static final Pattern RULE =
            Pattern.compile("\"id\": \"([A-Z]{3}-\\d+)\", \"status\": \"([A-Z]+)\".*\"detail\": \"(.*)\"}");
    private static final Pattern CELL = Pattern.compile("\\s*\\|\\s*");

    private static final String NOT_TRIED = "not tried";

    /** Where the rules of the engine are verified, once. */
    private static final String EMBEDDED = "inmemory";

    /** Adapter → capability or rule → cell. */
    private final Map<String, Map<String, String>> columns = new TreeMap<>(ConformanceMatrix::inMemoryFirst);

    private final Specification specification = Specification.load();

    private ConformanceMatrix() {}

    private static int inMemoryFirst(String a, String b) {
        boolean first = a.equals(EMBEDDED);
        return first == b.equals(EMBEDDED) ? a.compareTo(b) : first ? -1 : 1;
    }

    /**
     * Arguments: {@code [--check] <document> <report>…}; exits with 1 when the document is out of date or a rule
     * failed.
     */
    @SuppressWarnings("SystemOut") // a command
    public static void main(String[] args) throws IOException {
        boolean check = args.length > 0 && args[0].equals("--check");
        List<String> files = Arrays.asList(args).subList(check ? 1 : 0, args.length);
        if (files.isEmpty()) {
            System.err.println("arguments: [--check] <document> <report>…");
            System.exit(64);
        }
        Path document = Path.of(files.get(0));
        String before = Files.exists(document) ? Files.readString(document) : "";
        ConformanceMatrix matrix = new ConformanceMatrix();
        matrix.readDocument(before);
        for (String report : files.subList(1, files.size())) {
            matrix.readReport(Files.readString(Path.of(report)), report, check);
        }
        String now = matrix.toString();
        if (!check) {
            Files.writeString(document, now);
            System.out.println(document + ": " + matrix.columns.keySet());
        } else if (!now.equals(before)) {
            System.err.println(document + " does not match the reports. " + firstDifference(before, now)
                    + "\nRun the same command without --check, look at the change, and commit it.");
            System.exit(1);
        } else {
            System.out.println(document + " matches " + (files.size() - 1) + " reports");
        }
    }

    private static String firstDifference(String before, String now) {
        String[] old = before.split("\n");
        String[] young = now.split("\n");
        for (int i = 0; i < young.length; i++) {
            if (i >= old.length || !old[i].equals(young[i])) {
                return "First difference, in line " + (i + 1) + ":\n  it says   " + (i < old.length ? old[i] : "")
                        + "\n  should be " + young[i];
            }
        }
        return "The document is too long.";
    }

    /** {@code lenient}: a broker that could not be broken here, such as an external one, contradicts nothing. */
    private void readReport(String json, String name, boolean lenient) {
        Matcher adapter = ADAPTER.matcher(json);
        if (!adapter.find()) {
            throw new IllegalArgumentException(name + " is not a conformance report");
        }
        Map<String, String> column = new LinkedHashMap<>();
        for (Matcher each = CAPABILITY.matcher(json); each.find(); ) {
            column.put(each.group(1), each.group(2).toLowerCase(Locale.ROOT));
        }
        for (Matcher each = RULE.matcher(json); each.find(); ) {
            if (!each.group(2).equals(RuleResult.Status.ENGINE.name())) {
                column.put(each.group(1), cell(each.group(2), each.group(3)));
            }
        }
        boolean embedded = adapter.group(1).equals(EMBEDDED);
        long missing = specification.entries().stream()
                .filter(entry -> !entry.isForStores() && entry.untestable() == null)
                .filter(entry -> embedded || !entry.engineRule())
                .filter(entry -> !column.containsKey(entry.id()))
                .count();
        if (missing > 0) {
            throw new IllegalArgumentException(
                    name + " lacks " + missing + " rules because it was made with -Dtck.rules; run all rules");
        }
        Map<String, String> known = columns.put(adapter.group(1), column);
        if (lenient && known != null) {
            column.replaceAll((rule, cell) -> cell.equals(NOT_TRIED) ? known.getOrDefault(rule, cell) : cell);
        }
    }

    private static String cell(String status, String detail) {
        if (!status.equals("SKIPPED")) {
            return status.equals("PASSED") ? "✓" : "**" + status.toLowerCase(Locale.ROOT) + "**";
        }
        return detail.contains("UNSUPPORTED") ? "unsupported" : detail.contains("cannot make") ? NOT_TRIED : "–";
    }

    private void readDocument(String markdown) {
        List<String> header = List.of();
        for (String line : markdown.split("\n")) {
            if (!line.startsWith("|") || line.startsWith("|--")) {
                continue;
            }
            List<String> cells = List.of(CELL.split(line.substring(1).trim()));
            if (cells.get(0).equals("Rule") || cells.get(0).equals("Capability")) {
                header = cells;
                continue;
            }
            int first = header.get(0).equals("Rule") ? 2 : 1;
            for (int i = first; i < Math.min(cells.size(), header.size()); i++) {
                columns.computeIfAbsent(header.get(i), none -> new LinkedHashMap<>())
                        .put(cells.get(0), cells.get(i));
            }
        }
    }

    /** The document. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("""
                # Conformance

                Made from the reports of `anymq-tck` by `./verify`, which fails when this page says something else. How each
                rule went, with its time: `target/conformance/<adapter>.html` in the adapter's module.

                ✓ verified on a real broker · **unsupported** by the broker, and refused when asked for · **not tried**: the
                harness cannot break the broker that way · – does not apply, because the capability is there, or because the
                broker takes no such message

                The [rules of the engine](#rules-of-the-engine), in which no adapter has a part, are verified once.

                ## Capabilities

                """);
        List<String> names = new ArrayList<>(columns.keySet());
        table(out, List.of("Capability"), names);
        for (Capability capability : Capability.values()) {
            row(out, List.of(capability.name()), capability.name(), names);
        }
        out.append("\n## Rules\n\n");
        table(out, List.of("Rule", "What must hold"), names);
        List<Specification.Entry> engineRules = new ArrayList<>();
        List<Specification.Entry> untestable = new ArrayList<>();
        for (Specification.Entry entry : specification.entries()) {
            if (entry.isForStores()) {
                continue;
            }
            if (entry.untestable() != null) {
                untestable.add(entry);
            } else if (entry.engineRule()) {
                engineRules.add(entry);
            } else {
                row(out, entry, names);
            }
        }
        out.append("\n## Rules of the engine\n\n");
        out.append("No adapter has a part in these, so they are verified once, on the embedded broker.\n\n");
        List<String> embedded = names.stream().filter(EMBEDDED::equals).toList();
        table(out, List.of("Rule", "What must hold"), embedded);
        engineRules.forEach(entry -> row(out, entry, embedded));
        out.append("\n## Not verified\n\n");
        for (Specification.Entry entry : untestable) {
            out.append("- ")
                    .append(entry.id())
                    .append(": ")
                    .append(entry.sentence())
                    .append(' ');
            out.append(entry.untestable()).append('\n');
        }
        return out.toString();
    }

    private static void table(StringBuilder out, List<String> first, List<String> names) {
        List<String> header = new ArrayList<>(first);
        header.addAll(names);
        out.append("| ").append(String.join(" | ", header)).append(" |\n");
        out.append("|---".repeat(header.size())).append("|\n");
    }

    private void row(StringBuilder out, Specification.Entry entry, List<String> names) {
        row(out, List.of(entry.id(), entry.sentence().replace("|", "\\|")), entry.id(), names);
    }

    private void row(StringBuilder out, List<String> first, String key, List<String> names) {
        List<String> cells = new ArrayList<>(first);
        for (String name : names) {
            @Nullable Map<String, String> column = columns.get(name);
            cells.add(column == null ? "" : column.getOrDefault(key, ""));
        }
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
