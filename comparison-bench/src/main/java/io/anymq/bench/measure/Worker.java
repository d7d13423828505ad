package io.anymq.bench.measure;

import io.anymq.bench.result.Json;
import io.anymq.bench.result.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The child JVM: makes the runs it is told to on open arms, and ends. Every line of standard input is a list of {@link RunSpec}s
 * as JSON: a single one, or several that run side by side; {@link #END} ends it in good order. On standard output it says what
 * the parent must know: the result of each run, and when to read the broker's figures.
 */
public final class Worker {
    /** The last line. */
    public static final String END = "@end-of-runs";
    /** Precedes a run whose arm is opened and warmed up but not measured yet. */
    public static final String WARM_UP = "@warm-up ";
    /** Precedes a result. */
    public static final String RESULT = "@result ";
    /** The line has been worked off. */
    public static final String DONE = "@done";
    /** The measured time begins. */
    public static final String MEASURE_FROM = "@begin";
    /** The measured time ends. */
    public static final String MEASURE_TO = "@end";
    /** The broker must be killed and restarted. */
    public static final String KILL = "@kill";
    /** Exit code when something came of earlier runs after they were accounted for. */
    public static final int LATE = 5;

    private static final int ORPHANED = 3;
    private static final double PACE = 0.30;

    private Worker() {}

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    static void say(RunResult result) throws IOException {
        say(RESULT + Json.compact(result));
    }

    /** No arguments. */
    public static void main(String[] args) throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(lines), "bench-commands");
        reader.setDaemon(true);
        reader.start();
        String late;
        try {
            late = work(lines);
        } catch (OpenArm.LateException e) {
            late = e.getMessage();
        }
        if (late != null) {
            System.err.println(late);
        }
        // A thread that an arm leaves behind would keep this JVM, and the comparison, from ending.
        System.exit(late == null ? 0 : LATE);
    }

    /** Returns what was wrong after the last run, or null. */
    private static @Nullable String work(BlockingQueue<String> lines) throws Exception {
        Map<String, OpenArm> arms = new LinkedHashMap<>();
        for (String line = lines.take(); !line.equals(END); line = lines.take()) {
            if (line.startsWith(WARM_UP)) {
                RunSpec later = Json.parse(line.substring(WARM_UP.length()), RunSpec.class);
                warmUp(later, arm(later, arms));
            } else {
                List<RunSpec> specs = List.of(Json.parse(line, RunSpec[].class));
                if (specs.get(0).load() instanceof Load.Theory) {
                    new ConcurrentDemos(specs).run();
                } else {
                    say(measure(specs.get(0), arms));
                }
            }
            say(DONE);
        }
        String late = null;
        for (OpenArm arm : arms.values()) {
            String found = arm.close();
            late = late == null ? found : late;
        }
        return late;
    }

    /** As fast as it goes, then at the pace of latencies: waiting for the next message is code that haste never runs. */
    private static void warmUp(RunSpec spec, OpenArm arm) throws Exception {
        double capacity = new Measurement(spec, arm, spec.warmUp()).warmUp();
        RunSpec paced = spec.then(
                new Load.Open(Math.max(1, capacity * PACE)), spec.warmUp().paced());
        new Measurement(paced, arm, paced.warmUp()).warmUp();
    }

    private static RunResult measure(RunSpec spec, Map<String, OpenArm> arms) throws Exception {
        WarmUp warmUp = arms.containsKey(kind(spec))
                ? spec.warmUp().again()
                : arms.isEmpty() ? spec.warmUp() : spec.warmUp().forAnotherArm();
        return new Measurement(spec, arm(spec, arms), warmUp).run();
    }

    private static OpenArm arm(RunSpec spec, Map<String, OpenArm> arms) throws Exception {
        OpenArm arm = arms.get(kind(spec));
        if (arm == null) {
            arm = OpenArm.of(spec);
            arms.put(kind(spec), arm);
        }
        return arm;
    }

    /** Runs that differ in it need different arms. */
    private static String kind(RunSpec spec) {
        return spec.context().policy() + " " + spec.context().handlers();
    }

    /** The parent holds the other end of standard input: it closes when the parent dies, however that comes about. */
    private static void read(BlockingQueue<String> lines) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (line.equals(END)) {
                    return;
                }
            }
            Runtime.getRuntime().halt(ORPHANED);
        } catch (IOException e) {
            if (!lines.contains(END)) {
                Runtime.getRuntime().halt(ORPHANED);
            }
            throw new UncheckedIOException(e);
        }
    }
}
