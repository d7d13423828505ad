package io.anymq.bench.run;

import static io.anymq.bench.result.Texts.format;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reports progress on standard error: a bar on a terminal, plain lines elsewhere. Used by one thread. */
public final class Progress {
    private static final int WIDTH = 24;
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final String CLEAR = "\r\u001b[2K";
    /** How far behind its plan a comparison may be before it stops repeating runs; a profile allows a tenth. */
    private static final double SLACK = 0.06;

    private static final double LEAST_SLACK_SECONDS = 20;

    private final PrintStream out;
    private final boolean terminal;
    private final int runs;
    private final double estimatedSeconds;
    private final long start = System.nanoTime();
    private int done;
    private double doneEstimate;

    /** For a plan of so many runs. */
    public Progress(PrintStream out, boolean terminal, int runs, double estimatedSeconds) {
        this.out = out;
        this.terminal = terminal;
        this.runs = runs;
        this.estimatedSeconds = estimatedSeconds;
    }

    /** Whether standard error is a terminal; where that cannot be told, it is taken for none. */
    public static boolean isTerminal() {
        try {
            return Files.readSymbolicLink(STANDARD_ERROR).toString().matches("/dev/(pts/|tty).*");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Prints a line. */
    public void say(String text) {
        print(text + System.lineSeparator());
    }

    private void print(String text) {
        out.print((terminal ? CLEAR : "") + text);
        out.flush();
    }

    /** Something begins that may take a while. */
    public void begins(String what) {
        if (terminal) {
            double share = estimatedSeconds == 0 ? 1 : Math.min(1, doneEstimate / estimatedSeconds);
            int filled = (int) (share * WIDTH);
            String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
            print(format("[%s] %3.0f %%, %s left  %s", bar, share * 100, left(), what));
        }
    }

    /** A run ended. */
    public void ended(RunResult run, double estimate) {
        skip(1, estimate);
        say(format("%3d/%d  %s  (%s left)", done, runs, describe(run), left()));
    }

    private double elapsed() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Whether there is time to do something that was not planned. */
    boolean isInTime() {
        return elapsed() - doneEstimate < Math.max(LEAST_SLACK_SECONDS, SLACK * estimatedSeconds);
    }

    /** Time that the plan knew of but that no run took, such as a broker that cannot be had. */
    public void skip(int skippedRuns, double estimate) {
        done += skippedRuns;
        doneEstimate += estimate;
    }

    private static String describe(RunResult run) {
        String what = run.broker() + " " + run.arm() + " " + run.scenario() + " "
                + run.run().parameters();
        if (!run.counts()) {
            return what + ": does not count: " + run.reason();
        }
        List<String> figures = new ArrayList<>();
        if (run.rate() != null) {
            figures.add(format("%,.0f msg/s", run.rate()));
        }
        LatencyMicros latency = run.latency().total();
        if (latency != null) {
            figures.add(format("p50 %,.0f µs, p99 %,.0f µs", latency.p50(), latency.p99()));
        }
        if (run.findings() != null) {
            run.findings().forEach((name, value) -> figures.add(format("%s %,.1f", name, value)));
        }
        return what + ": " + String.join("; ", figures);
    }

    /** The plan's guess, corrected by how long what is done really took. */
    private String left() {
        double correction = doneEstimate > 5 ? Math.max(0.5, Math.min(3, elapsed() / doneEstimate)) : 1;
        return duration(Math.max(0, estimatedSeconds - doneEstimate) * correction);
    }

    /** Minutes and seconds. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
