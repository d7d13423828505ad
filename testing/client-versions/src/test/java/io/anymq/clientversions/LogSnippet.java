package io.anymq.clientversions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the ready files of {@code docs/logging.md}: the block of code whose first line names the file. A comment above
 * settings of loggers names the broker that they are for.
 */
record LogSnippet(String file, String text) {
    private static final Path PAGE =
            Path.of("../../docs/logging.md").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("```[a-z]+\n([^\n]*\n.*?)```", Pattern.DOTALL);
    private static final Pattern SECTION = Pattern.compile("<!-- (.+) -->|# (.+)");
    private static final Pattern LEVEL =
            Pattern.compile("<[lL]ogger name=\"(?<xmlName>[^\"]+)\" level=\"(?<xmlLevel>[^\"]+)\"/>"
                    + "|(?:org\\.slf4j\\.simpleLogger\\.log\\.|logging\\.level\\.)(?<name>[^=]+)=(?<level>.+)");

    static LogSnippet of(String file) {
        return new LogSnippet(
                file,
                blocks().stream()
                        .filter(block -> block.lines().findFirst().orElse("").contains(file))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalStateException(PAGE + " has no block whose first line names " + file)));
    }

    /** What stands between the fences of the page, block by block. */
    static List<String> blocks() {
        try {
            return BLOCK.matcher(Files.readString(PAGE))
                    .results()
                    .map(block -> block.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file with the settings of this broker's loggers, without those of the others. */
    LogSnippet only(String broker) {
        StringBuilder kept = new StringBuilder();
        String section = "";
        for (String line : text.lines().toList()) {
            section = sectionAt(line, section);
            if (!LEVEL.matcher(line.strip()).matches() || section.equals(broker)) {
                kept.append(line).append('\n');
            }
        }
        return new LogSnippet(file, kept.toString());
    }

    private static String sectionAt(String line, String before) {
        Matcher named = SECTION.matcher(line.strip());
        if (!named.matches()) {
            return before;
        }
        return named.group(1) == null ? named.group(2) : named.group(1);
    }

    /** The levels in lower case, by broker and logger. */
    Map<String, Map<String, String>> levels() {
        Map<String, Map<String, String>> levels = new TreeMap<>();
        String section = "";
        for (String line : text.lines().toList()) {
            section = sectionAt(line, section);
            Matcher level = LEVEL.matcher(line.strip());
            if (level.matches()) {
                boolean xml = level.group("xmlName") != null;
                levels.computeIfAbsent(section, broker -> new TreeMap<>())
                        .put(
                                level.group(xml ? "xmlName" : "name"),
                                level.group(xml ? "xmlLevel" : "level").toLowerCase(Locale.ROOT));
            }
        }
        return levels;
    }

    /** The loggers that have a level for this broker. */
    Set<String> loggers(String broker) {
        return levels().getOrDefault(broker, Map.of()).keySet();
    }

    /** Lays the file into a folder that precedes the application on its class path. */
    Path writeTo(Path folder) throws IOException {
        Files.writeString(folder.resolve(file), text);
        return folder;
    }
}
