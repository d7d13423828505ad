package io.anymq.bench.measure;

import io.anymq.bench.result.Json;
import io.anymq.bench.result.RunResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The child JVM: makes the runs it is told to on one open arm, writes a result for each, and ends. Every line of standard
 * input is the path of a {@link RunSpec}, whose result goes to {@link #resultOf}, or several that run side by side;
 * {@link #END} ends it in good order.
 */
public final class Worker {
    /** The last line. */
    public static final String END = "@end-of-runs";

    /** Exit code when something came of earlier runs after they were accounted for. */
    public static final int LATE = 5;

    /** Precedes the path of a run whose arm is opened and warmed up but not measured yet. */
    public static final String WARM_UP = "@warm-up ";

    /** Between the paths of runs that are made side by side. */
    public static final String SEPARATOR = "\t";

    private static final int ORPHANED = 3;
    private static final double PACE = 0.30;

    private Worker() {}

    /** Where the result of a run is written to. */
    public static Path resultOf(Path specFile) {
        return specFile.resolveSibling(specFile.getFileName().toString().replace(".spec.json", ".result.json"));
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
                RunSpec later = Json.read(Path.of(line.substring(WARM_UP.length())), RunSpec.class);
                warmUp(later, arm(later, arms));
                Markers.say(Markers.DONE);
                continue;
            }
            List<Path> files =
                    Arrays.stream(line.split(SEPARATOR)).map(Path::of).toList();
            RunSpec first = Json.read(files.get(0), RunSpec.class);
            if (first.load() instanceof Load.Theory) {
                new ConcurrentDemos(files).run();
            } else {
                Json.write(resultOf(files.get(0)), measure(first, arms));
            }
            Markers.say(Markers.DONE);
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
        OpenArm arm = arm(spec, arms);
        return spec.load() instanceof Load.SlowDownstream slow
                ? new DownstreamMeasurement(spec, slow, arm).run()
                : new Measurement(spec, arm, warmUp).run();
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
