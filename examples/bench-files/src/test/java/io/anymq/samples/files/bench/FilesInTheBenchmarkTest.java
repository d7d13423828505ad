package io.anymq.samples.files.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.Main;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark is started as {@code ./compare --with} starts it, and is told nothing but the name. */
class FilesInTheBenchmarkTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(20)
    void itIsListed() throws Exception {
        assertThat(compare("list")).isZero();
        assertThat(Files.readString(folder.resolve("out"))).contains("files            Files (sample); raw: plain files");
    }

    @Test
    @Timeout(120)
    void bothArmsAreMeasuredAndReported() throws Exception {
        int exit = compare(
                "run", "--brokers=inmemory,files", "--scenarios=overhead", "--pairs=1", "--out=" + folder);

        Results results = Json.read(folder.resolve("results.json"), Results.class);
        assertThat(results.runs())
                .filteredOn(run -> run.broker().equals("files"))
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.reason()).as(run.id()).isNull())
                .allSatisfy(run -> assertThat(run.rate()).isPositive())
                .extracting(run -> run.arm())
                .containsExactlyInAnyOrder("adapter", "raw");
        assertThat(exit).as(Files.readString(folder.resolve("err"))).isZero();
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("Files (sample)", "id=\"throughput-files\"", "id=\"cost-files\"");
    }

    private int compare(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
