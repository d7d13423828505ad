package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.TimePoint;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each file is read back with what its readers use. */
class OutputsTest {
    private final Results results = SyntheticResults.full();
    private final List<RunResult> steady = results.runs().stream()
            .filter(run -> run.scenario().equals("latency"))
            .toList();

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws Exception {
        Outputs.write(folder, results);
    }

    @Test
    void allFilesAreThere() {
        for (String name :
                List.of("report.html", "results.json", "runs.csv", "timeseries.csv", "summary.md", "env.json")) {
            assertThat(folder.resolve(name)).isNotEmptyFile();
        }
    }

    @Test
    void resultsAreReadBackAsTheyWere() throws Exception {
        assertThat(Json.read(folder.resolve("results.json"), Results.class)).isEqualTo(results);
    }

    @Test
    void everySteadyRunHasAHistogramLogWithItsPercentiles() throws Exception {
        assertThat(logs()).hasSize(steady.size());
        for (RunResult run : steady) {
            LatencyMicros latency = Objects.requireNonNull(run.latency().total());
            Histogram read = read(folder.resolve(HdrLogs.name(run)));
            assertThat(read.getTotalCount()).isEqualTo(latency.samples());
            assertThat(read.getValueAtPercentile(99) / 1_000.0).isCloseTo(latency.p99(), within(0.06));
            assertThat(read.getMaxValue() / 1_000.0).isEqualTo(latency.max());
        }
    }

    private static Histogram read(Path log) throws Exception {
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            Histogram histogram = (Histogram) reader.nextIntervalHistogram();
            assertThat(reader.hasNext()).isFalse();
            return histogram;
        }
    }

    @Test
    void histogramsOwnToolReadsALog() throws Exception {
        Path log = folder.resolve(HdrLogs.name(steady.get(0)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            Thread tool = new HistogramLogProcessor(new String[] {"-i", log.toString()});
            tool.start();
            tool.join();
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Percentile", "Total count    =        20000");
    }

    @Test
    void logsOfAnEarlierComparisonGo() throws Exception {
        Outputs.write(folder, SyntheticResults.of(steady.subList(0, 1)));
        assertThat(logs()).containsExactly(folder.resolve(HdrLogs.name(steady.get(0))));
    }

    private List<Path> logs() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".hdr")).toList();
        }
    }

    @Test
    void everyMomentIsALineOfTheTimeSeries() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("timeseries.csv"));
        long moments = results.runs().stream()
                .mapToLong(
                        run -> run.timing().perSecond().size() + run.timeline().size())
                .sum();
        assertThat(lines).hasSize((int) moments + 1);
        RunResult second = run("throughput");
        long rate = Math.round(second.timing().perSecond().get(0));
        assertThat(lines).contains(second.id() + ",kafka," + second.arm() + ",throughput,,1.00," + rate + ",,,,");
        TimePoint now = run("failover").timeline().get(40);
        assertThat(lines)
                .anyMatch(line -> line.endsWith(String.join(
                        ",",
                        "," + now.sent(),
                        "" + now.confirmed(),
                        "" + now.handled(),
                        "" + (now.confirmed() - now.handled()))));
    }

    private RunResult run(String scenario) {
        return results.runs().stream()
                .filter(run -> run.scenario().equals(scenario))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyRunIsALineOfItsTable() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("runs.csv"));
        assertThat(lines).hasSize(results.runs().size() + 1);
        List<String> heads = List.of(lines.get(0).split(",", -1));
        RunResult first = run("throughput");
        List<String> cells =
                List.of(lines.get(1 + results.runs().indexOf(first)).split(",", -1));
        assertThat(cells).hasSameSizeAs(heads);
        assertThat(cells.get(heads.indexOf("id"))).isEqualTo(first.id());
        assertThat(cells.get(heads.indexOf("parameters"))).startsWith("window=");
        assertThat(Double.parseDouble(cells.get(heads.indexOf("p99Micros"))))
                .isEqualTo(Objects.requireNonNull(first.latency().total()).p99());
        assertThat(Long.parseLong(cells.get(heads.indexOf("sent"))))
                .isEqualTo(first.messages().sent());
        assertThat(cells.get(heads.indexOf("stolenSeconds"))).isEmpty();
    }
}
