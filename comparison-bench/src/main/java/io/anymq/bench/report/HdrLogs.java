package io.anymq.bench.report;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The latency of every run at a steady rate as a log of HdrHistogram, one interval in each, in nanoseconds: for its tools,
 * such as {@code HistogramLogProcessor} and the plotters that read the same format. Stateless.
 */
final class HdrLogs {
    private static final String SUFFIX = ".hdr";
    /** The log's maximum is in milliseconds, as the tools expect. */
    private static final double NANOS_PER_UNIT = 1_000_000;

    private HdrLogs() {}

    /** Writes them, and deletes those of an earlier comparison in this folder. */
    static void write(Path folder, Results results) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        for (RunResult run : results.runs()) {
            Optional<Histogram> latency =
                    Optional.ofNullable(run.latency().total()).flatMap(LatencyMicros::decoded);
            if (latency.isPresent()) {
                write(folder.resolve(name(run)), run, latency.get());
            }
        }
    }

    /** Such as {@code r012-kafka-adapter-latency-30.hdr}. */
    static String name(RunResult run) {
        String name = String.join("-", run.id(), run.broker(), run.arm(), run.scenario(), run.parameter("load"));
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "") + SUFFIX;
    }

    private static void write(Path file, RunResult run, Histogram nanos) throws IOException {
        Double measured = run.timing().measuredSeconds();
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            HistogramLogWriter log = new HistogramLogWriter(out);
            String parameters = Format.parameters(run.run().parameters());
            comment(log, run.id() + ": " + String.join(", ", run.broker(), run.arm(), run.scenario(), parameters));
            comment(log, "nanoseconds from when a message was to be sent until its handler started");
            if (!run.counts()) {
                comment(log, "does not count: " + run.reason());
            }
            log.outputLogFormatVersion();
            log.outputStartTime(Instant.parse(run.startedAt()).toEpochMilli());
            log.outputLegend();
            log.outputIntervalHistogram(0, measured == null ? 0 : measured, nanos, NANOS_PER_UNIT);
            if (out.checkError()) {
                throw new IOException("cannot write " + file);
            }
        }
    }

    private static void comment(HistogramLogWriter log, String text) {
        log.outputComment("[" + text.replaceAll("\\s+", " ") + "]");
    }
}
