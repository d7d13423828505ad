package io.anymq.bench.run;

import io.anymq.bench.measure.RunSpec;
import io.anymq.bench.measure.Worker;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes one run in a JVM of its own. One run at a time; {@link #cancel()} from any thread. */
final class ChildJvm {
    /** The same for every run. */
    static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

    private static final int LOG_LINES = 12;

    private final Path logs;
    private volatile @Nullable Process current;
    private volatile boolean cancelled;

    ChildJvm(Path logs) {
        this.logs = logs;
    }

    /** The result, or a failed one that says why; {@code onMarker} hears what the child says meanwhile. */
    RunResult run(RunSpec spec, Duration patience, Consumer<String> onMarker) throws IOException, InterruptedException {
        String startedAt = Instant.now().toString();
        Files.createDirectories(logs);
        Path specFile = logs.resolve(spec.id() + ".spec.json");
        Path resultFile = logs.resolve(spec.id() + ".result.json");
        Path log = logs.resolve(spec.id() + ".log");
        Json.write(specFile, spec);
        Process process = new ProcessBuilder(command(specFile, resultFile))
                .redirectError(log.toFile())
                .start();
        current = process;
        if (cancelled) {
            process.destroyForcibly();
        }
        Thread reader = new Thread(() -> read(process, onMarker), "bench-markers");
        reader.start();
        boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        reader.join(10_000);
        current = null;
        if (ended && process.exitValue() == 0 && Files.exists(resultFile)) {
            RunResult result = Json.read(resultFile, RunResult.class);
            Files.delete(specFile);
            Files.delete(resultFile);
            if (result.counts()) {
                Files.delete(log);
            }
            return result;
        }
        String reason = ended
                ? "its JVM ended with exit code " + process.exitValue() + ": " + lastLines(log)
                : "its JVM did not end within " + patience.toSeconds() + " s and was killed: " + lastLines(log);
        return RunResult.failed(
                spec.id(), spec.broker(), spec.arm(), spec.scenario(), spec.parameters(), startedAt, reason);
    }

    /** Ends the run that is under way, and every later one at once. */
    void cancel() {
        cancelled = true;
        Process process = current;
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private static List<String> command(Path specFile, Path resultFile) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Worker.class.getName());
        command.add(specFile.toString());
        command.add(resultFile.toString());
        return command;
    }

    private static void read(Process process, Consumer<String> onMarker) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onMarker.accept(line);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String lastLines(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "(no log)";
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank()
                        && !line.startsWith("\tat ")
                        && !line.trim().startsWith("..."))
                .toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
        return last.isEmpty() ? "(its log is empty)" : String.join(" | ", last);
    }
}
