package io.anymq.bench.run;

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
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A JVM that makes the runs of one arm, one after another: a {@link Worker}. {@link #cancel()} from any thread. */
final class ChildJvm {
    /** The same for every run. */
    static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

    /** By how much Linux may have a timer fire late, usually 50 µs: as long as some of the latencies that are measured. */
    private static final Path TIMER_SLACK = Path.of("/proc/self/timerslack_ns");

    /** A shell that becomes the JVM; before, it has its timers, and so those of the JVM, fire on time. */
    private static final List<String> PUNCTUAL = Files.isWritable(TIMER_SLACK)
            ? List.of("/bin/sh", "-c", "echo 1000 > " + TIMER_SLACK + "; exec \"$0\" \"$@\"")
            : List.of();

    private static final Logger LOG = LoggerFactory.getLogger(ChildJvm.class);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(60);
    private static final int LOG_LINES = 12;
    private static final String GONE = "@gone";

    private final Path log;
    private final Process process;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Map<String, RunResult> results = new ConcurrentHashMap<>();
    private final List<String> made = new ArrayList<>();
    private volatile Consumer<String> onMarker = marker -> {};
    private boolean allCount = true;

    private ChildJvm(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    /** Its standard error goes to {@code name}.log. */
    static ChildJvm start(Path logs, String name) throws IOException {
        List<String> command = new ArrayList<>(PUNCTUAL);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        Path log = Files.createDirectories(logs).resolve(name + ".log");
        ChildJvm child = new ChildJvm(
                log, new ProcessBuilder(command).redirectError(log.toFile()).start());
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

    /** Whether it can make another run. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** The runs that it was told to make. */
    List<String> made() {
        return made;
    }

    /** Tells it to open the arm of a run and warm it up; {@link #awaitWarm} must follow. */
    void warmUp(RunSpec spec) throws IOException {
        tell(Worker.WARM_UP + Json.compact(spec));
    }

    /** Waits until it is warm. A JVM that fails to be ends, and its log says why. */
    void awaitWarm(Duration patience) throws IOException, InterruptedException {
        if (!Worker.DONE.equals(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS))) {
            LOG.warn("A measuring JVM failed while warming up; starting another one: {}", lastLines());
            allCount = false;
            kill();
        }
    }

    /**
     * The results of runs that are made side by side, or of a single one; failed ones say why. {@code onMarker} hears what the
     * child says meanwhile.
     */
    List<RunResult> run(List<RunSpec> specs, Duration patience, Consumer<String> listener)
            throws IOException, InterruptedException {
        specs.forEach(spec -> made.add(spec.run().id()));
        onMarker = listener;
        tell(Json.compact(specs));
        String event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!Worker.DONE.equals(event)) {
            kill();
        }
        String reason = event == null
                ? "it did not end within " + patience.toSeconds() + " s and its JVM was killed: "
                : event.equals(GONE) ? "its JVM ended: " : "it left no result: ";
        List<RunResult> ended = new ArrayList<>();
        for (RunSpec spec : specs) {
            RunResult result = results.remove(spec.run().id());
            ended.add(result == null ? RunResult.of(spec.run()).voided(reason + lastLines()) : result);
        }
        allCount &= ended.stream().allMatch(RunResult::counts);
        return ended;
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** Ends it in good order; returns why its runs do not count after all, or null. */
    @Nullable
    String end() throws IOException, InterruptedException {
        tell(Worker.END);
        if (!process.waitFor(PATIENCE_AT_END.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("A measuring JVM did not end within {} s; killing it", PATIENCE_AT_END.toSeconds());
            kill();
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

    /** Does nothing if it has ended, which its reader notices. */
    private void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        try {
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(Worker.DONE)) {
                    events.add(line);
                } else if (line.startsWith(Worker.RESULT)) {
                    RunResult result = Json.parse(line.substring(Worker.RESULT.length()), RunResult.class);
                    results.put(result.id(), result);
                } else {
                    onMarker.accept(line);
                }
            }
        } catch (IOException e) {
            LOG.debug("Reading from a measuring JVM failed; its run does not count", e);
        } finally {
            events.add(GONE);
        }
    }

    private String lastLines() throws IOException {
        if (!Files.exists(log)) {
            return "(no log)";
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.matches("\tat .*|\\s*\\.\\.\\..*"))
                .toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
        return last.isEmpty() ? "(its log is empty)" : String.join(" | ", last);
    }
}
