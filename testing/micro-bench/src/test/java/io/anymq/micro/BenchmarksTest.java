package io.anymq.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark once, in this JVM: that it runs, and delivers each message of its burst once and in order. */
class BenchmarksTest {
    @TempDir
    private static Path folder;

    static List<Item> items() {
        return Item.all();
    }

    @ParameterizedTest
    @MethodSource("items")
    void runs(Item item) throws Exception {
        try (PrintStream log = log()) {
            Collection<RunResult> results = new Runner(
                            item.options()
                                    .forks(0)
                                    .mode(Mode.SingleShotTime)
                                    .warmupIterations(0)
                                    .measurementIterations(1)
                                    .shouldFailOnError(true)
                                    .build(),
                            format(log))
                    .run();

            assertThat(results).hasSize(1);
        }
    }

    /** Otherwise a new benchmark would never be run. */
    @Test
    void everyBenchmarkIsAnItem() throws Exception {
        try (PrintStream log = log()) {
            assertThat(BenchmarkList.defaultList().getAll(format(log), List.of()))
                    .extracting(BenchmarkListEntry::getUsername)
                    .containsExactlyInAnyOrderElementsOf(
                            Item.all().stream().map(Item::benchmark).distinct().toList());
        }
    }

    private static PrintStream log() throws Exception {
        return new PrintStream(Files.newOutputStream(folder.resolve("jmh.log")), true, StandardCharsets.UTF_8);
    }

    private static OutputFormat format(PrintStream log) {
        return OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
    }
}
