package io.anymq.clientversions;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of an application that logs as the snippets say or as slf4j-simple does by default. A line that begins no
 * event, such as one of a stack trace, belongs to the event before it.
 */
record ApplicationLog(List<String> anymq, List<String> others) {
    private static final Pattern EVENT = Pattern.compile("(?:\\d\\d:\\d\\d:\\d\\d\\.\\d{3} )?\\[.*?] +"
            + "(?<level>TRACE|DEBUG|INFO|WARN|ERROR) +(?<logger>\\S+) - (?<message>.*)");
    /** What the application prints itself, and newer JDKs about what libraries do. */
    private static final Pattern NO_LOG = Pattern.compile("PASSED|WAITING|WARNING: .*");

    static ApplicationLog of(List<String> output) {
        List<String> anymq = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<String> current = others;
        for (String line : output) {
            Matcher event = EVENT.matcher(line);
            if (event.matches()) {
                current = event.group("logger").startsWith("io.anymq.") ? anymq : others;
            }
            if (!NO_LOG.matcher(line).matches()) {
                current.add(line);
            }
        }
        return new ApplicationLog(anymq, others);
    }

    /** Level, logger and message of an event; empty if the line begins none. */
    static List<String> parts(String line) {
        Matcher event = EVENT.matcher(line);
        return event.matches()
                ? List.of(event.group("level"), event.group("logger"), event.group("message"))
                : List.of();
    }

    static boolean isOf(String logger, String line) {
        List<String> parts = parts(line);
        return !parts.isEmpty() && (parts.get(1).equals(logger) || parts.get(1).startsWith(logger + "."));
    }

    static boolean isProblem(String line) {
        List<String> parts = parts(line);
        return !parts.isEmpty() && List.of("WARN", "ERROR").contains(parts.get(0));
    }
}
