package io.anymq.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time and the bytes of a recording of Flight Recorder went: samples of running threads, and sampled
 * allocations.
 */
final class Hotspots {
    private static final int MOST = 15;
    private static final String OWN = "io.anymq.";
    private static final List<String> HARNESS = List.of("io.anymq.micro.", "org.openjdk.jmh.", "jdk.jfr.");

    private final Map<String, Double> threads = new TreeMap<>();
    private final Map<String, Double> methods = new TreeMap<>();
    private final Map<String, Double> lines = new TreeMap<>();
    private final Map<String, Double> sites = new TreeMap<>();
    private final Map<String, Double> waits = new TreeMap<>();

    private Hotspots() {}

    /** All recordings below a folder, together. */
    static Hotspots below(Path folder) throws IOException {
        Hotspots hotspots = new Hotspots();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jfr")).toList()) {
                hotspots.read(file);
            }
        }
        return hotspots;
    }

    private void read(Path recording) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                add(file.readEvent());
            }
        }
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> {
                RecordedThread thread = event.getThread("sampledThread");
                if (thread == null || thread.getJavaName() == null) {
                    return;
                }
                count(threads, kind(thread.getJavaName()), 1);
                count(methods, frames(event).findFirst().map(Hotspots::method).orElse("unknown"), 1);
                count(lines, cause(event), 1);
            }
            case "jdk.ObjectAllocationSample" -> {
                RecordedClass type = event.getClass("objectClass");
                count(sites, readable(type.getName()) + " in " + cause(event), (double) event.getLong("weight"));
            }
            case "jdk.JavaMonitorEnter" ->
                count(waits, "monitor in " + cause(event), event.getDuration().toNanos() / 1e6);
            default -> {
                // Not what this is about.
            }
        }
    }

    private static Stream<RecordedFrame> frames(RecordedEvent event) {
        return event.getStackTrace() == null ? Stream.of() : event.getStackTrace().getFrames().stream();
    }

    private static String method(RecordedFrame frame) {
        RecordedMethod method = frame.getMethod();
        String type = method.getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
    }

    /** The innermost line of the project's or the peer's code, to which the JDK's work is attributed. */
    private static String cause(RecordedEvent event) {
        return frames(event)
                .filter(frame -> {
                    String type = frame.getMethod().getType().getName();
                    return type.startsWith(OWN) && HARNESS.stream().noneMatch(type::startsWith);
                })
                .findFirst()
                .or(() -> frames(event)
                        .filter(frame -> !frame.getMethod().getType().getName().startsWith("java."))
                        .findFirst())
                .or(() -> frames(event).findFirst())
                .map(frame -> method(frame) + ":" + frame.getLineNumber())
                .orElse("unknown");
    }

    private static String readable(String type) {
        return switch (type) {
            case "[B" -> "byte[]";
            case "[Ljava.lang.Object;" -> "Object[]";
            default -> type.substring(type.lastIndexOf('.') + 1);
        };
    }

    /** Threads of a pool are one. */
    private static String kind(String thread) {
        return thread.replaceAll("\\d+", "n");
    }

    private static void count(Map<String, Double> counts, String what, double weight) {
        counts.merge(what, weight, Double::sum);
    }

    /** Renders Markdown; {@code bytesPerOperation}: the total that the shares of the allocations refer to. */
    String report(String title, double bytesPerOperation) {
        StringBuilder out = new StringBuilder("## ").append(title).append("\n\n");
        table(out, "Running threads", threads, 1, "%,.0f samples");
        table(out, "Methods", methods, 1, "%,.0f samples");
        table(out, "Callers", lines, 1, "%,.0f samples");
        double sampled =
                sites.values().stream().mapToDouble(Double::doubleValue).sum();
        table(
                out,
                "Allocated for each operation",
                sites,
                sampled == 0 || Double.isNaN(bytesPerOperation) ? 0 : bytesPerOperation / sampled,
                "%,.0f B");
        if (!waits.isEmpty()) {
            table(out, "Waited for", waits, 1, "%,.1f ms");
        }
        return out.toString();
    }

    private static void table(
            StringBuilder out, String title, Map<String, Double> counts, double factor, String format) {
        double all = counts.values().stream().mapToDouble(Double::doubleValue).sum();
        out.append("| ").append(title).append(" | | |\n|---|--:|--:|\n");
        top(counts)
                .forEach((what, count) -> out.append("| `")
                        .append(what)
                        .append("` | ")
                        .append(String.format(Locale.ROOT, "%.1f %%", 100 * count / all))
                        .append(" | ")
                        .append(String.format(Locale.ROOT, format, count * factor))
                        .append(" |\n"));
        out.append('\n');
    }

    private static Map<String, Double> top(Map<String, Double> counts) {
        Map<String, Double> top = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
        return top;
    }
}
