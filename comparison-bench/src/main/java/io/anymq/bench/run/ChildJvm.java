package io.anymq.bench.run;

import io.anymq.bench.measure.Markers;
import io.anymq.bench.measure.Precedence;
import io.anymq.bench.measure.RunSpec;
import io.anymq.bench.measure.Worker;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A JVM that makes the runs of one arm, one after another. {@link #cancel()} from any thread. */
final class ChildJvm {
    /** The same for every run. */
    static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

    /** By how much Linux may have a timer fire late, usually 50 µs: as long as some of the latencies that are measured. */
    private static final Path TIMER_SLACK = Path.of("/proc/self/timerslack_ns");

    private static final long SLACK_NANOS = 1_000;

    /** A shell that becomes the JVM; before, it has its timers, and so those of the JVM, fire on time. */
    private static final List<String> PUNCTUAL = Files.isWritable(TIMER_SLACK)
            ? List.of("/bin/sh", "-c", "echo " + SLACK_NANOS + " > " + TIMER_SLACK + "; exec \"$0\" \"$@\"")
            : List.of();

    private static final Logger LOG = LoggerFactory.getLogger(ChildJvm.class);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(60);
    private static final int LOG_LINES = 12;
    private static final String GONE = "@gone";

    private final Path logs;
    private final Path log;
    private final Process process;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile Consumer<String> onMarker = marker -> {};
    private boolean allCount = true;

    private ChildJvm(Path logs, Path log, Process process) {
        this.logs = logs;
        this.log = log;
        this.process = process;
    }

    /** Its standard error goes to {@code name}.log. */
    static ChildJvm start(Path logs, String name) throws IOException {
        Files.createDirectories(logs);
        Path log = logs.resolve(name + ".log");
        Process process =
                new ProcessBuilder(command()).redirectError(log.toFile()).start();
        ChildJvm child = new ChildJvm(logs, log, process);
        new Thread(child::read, "bench-markers").start();
        return child;
    }

    /** How every run is made, for people. */
    static String describe() throws InterruptedException {
        return String.join(" ", FLAGS)
                + (PUNCTUAL.isEmpty() ? "" : "; timers late by 1 µs at most")
                + (Precedence.isAllowed()
                        ? "; a sender at a steady rate comes before all other threads (nice -10)"
                        : "");
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>(PUNCTUAL);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Worker.class.getName());
        return command;
    }

    /** Whether it can make another run. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Tells it to open the arm of a run and warm it up; {@link #awaitWarm} must follow. */
    void warmUp(RunSpec spec) throws IOException {
        Json.write(specFile(spec), spec);
        if (!tell(Worker.WARM_UP + specFile(spec))) {
            events.add(GONE);
        }
    }

    /** Waits until it is warm. A JVM that fails to be ends, and its log says why. */
    void awaitWarm(RunSpec spec, Duration patience) throws IOException, InterruptedException {
        if (!Markers.DONE.equals(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS))) {
            LOG.warn("A measuring JVM failed while warming up; starting another one: {}", lastLines());
            allCount = false;
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        Files.delete(specFile(spec));
    }

    /**
     * The results of runs that are made side by side, or of a single one; failed ones say why. {@code onMarker} hears what the
     * child says meanwhile.
     */
    List<RunResult> run(List<RunSpec> specs, Duration patience, Consumer<String> onMarker)
            throws IOException, InterruptedException {
        List<String> files = new ArrayList<>();
        for (RunSpec spec : specs) {
            Path specFile = specFile(spec);
            Json.write(specFile, spec);
            files.add(specFile.toString());
        }
        this.onMarker = onMarker;
        String event = tell(String.join(Worker.SEPARATOR, files))
                ? events.poll(patience.toMillis(), TimeUnit.MILLISECONDS)
                : GONE;
        String reason = null;
        if (!Markers.DONE.equals(event)) {
            reason = event == null
                    ? "it did not end within " + patience.toSeconds() + " s and its JVM was killed: "
                    : "its JVM ended: ";
            if (event == null || !process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
        List<RunResult> results = new ArrayList<>();
        for (RunSpec spec : specs) {
            results.add(result(spec, reason));
        }
        return results;
    }

    private Path specFile(RunSpec spec) {
        return logs.resolve(spec.run().id() + ".spec.json");
    }

    /** The child's result; if it wrote none, {@code reason} says why. */
    private RunResult result(RunSpec spec, @Nullable String reason) throws IOException {
        Path resultFile = Worker.resultOf(specFile(spec));
        if (Files.exists(resultFile)) {
            RunResult result = Json.read(resultFile, RunResult.class);
            Files.delete(specFile(spec));
            Files.delete(resultFile);
            allCount &= result.counts();
            return result;
        }
        allCount = false;
        return RunResult.of(spec.run()).voided((reason == null ? "it left no result: " : reason) + lastLines());
    }

    /** Ends it in good order; returns why its runs do not count after all, or null. */
    @Nullable
    String end() throws IOException, InterruptedException {
        boolean told = process.isAlive() && tell(Worker.END);
        if (told && !process.waitFor(PATIENCE_AT_END.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("A measuring JVM did not end within {} s; killing it", PATIENCE_AT_END.toSeconds());
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        if (!process.isAlive() && process.exitValue() == Worker.LATE) {
            return lastLines();
        }
        if (allCount) {
            Files.deleteIfExists(log);
        }
        return null;
    }

    /** Ends the current run. */
    void cancel() {
        process.destroyForcibly();
    }

    private boolean tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        try {
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
            return true;
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return false;
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(Markers.DONE)) {
                    events.add(line);
                } else {
                    onMarker.accept(line);
                }
            }
        } catch (IOException e) {
            LOG.debug("A measuring JVM was killed", e);
        } finally {
            events.add(GONE);
        }
    }

    private String lastLines() throws IOException {
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
