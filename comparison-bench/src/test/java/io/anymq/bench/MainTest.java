package io.anymq.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        StringWriter err = new StringWriter();
        int[] code = new int[1];
        String out = said(System.out, System::setOut, () -> {
            CommandLine line = Main.commandLine();
            line.setErr(new PrintWriter(err, true));
            code[0] = line.execute(args);
        });
        return new Outcome(code[0], out, err.toString());
    }

    /** What is printed meanwhile. */
    private static String said(PrintStream before, Consumer<PrintStream> stream, Runnable action) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        stream.accept(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            stream.accept(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void listShowsBrokersAndScenarios() {
        assertThat(run("list"))
                .satisfies(outcome -> assertThat(outcome.code()).isZero())
                .satisfies(outcome -> assertThat(outcome.out())
                        .contains(
                                "inmemory",
                                "kafka",
                                "throughput",
                                "latency",
                                "overhead",
                                "async-response",
                                "--raw activemq.batch=250"));
    }

    @Test
    void planShowsTheSmokeTestOfTheEmbeddedBrokerByDefault() {
        Outcome outcome = run("plan", "--seed", "7");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .startsWith("inmemory, about")
                .contains("seed 7")
                .doesNotContain("kafka");
    }

    @Test
    void planTakesAllOptions() {
        Outcome outcome = run(
                "plan",
                "--brokers=inmemory,kafka",
                "--scenarios=overhead",
                "--arms=adapter,raw",
                "--durability=power",
                "--profile=quick",
                "--pairs=1");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("inmemory, about", "kafka, about", "4 runs");
    }

    @Test
    void mistakesAreNamedAndExitWith64() {
        assertMistake("--brokers: no broker is called 'kafak'; known: inmemory, kafka", "plan", "--brokers", "kafak");
        assertMistake("--scenarios: no scenario is called 'speed'", "plan", "--scenarios", "speed");
        assertMistake("--arms: no arm is called 'both'; known: adapter, raw", "plan", "--arms", "both");
        assertMistake("--pairs must be between 1 and 100, but was 0", "plan", "--pairs", "0");
        assertMistake(
                "--raw: activemq has no setting 'prefech'; known: batch, prefetch",
                "plan",
                "--raw",
                "activemq.prefech=1");
        assertMistake("--profile", "plan", "--profile", "slow");
        assertMistake("--durability", "plan", "--durability", "memory");
        assertMistake("nothing to run: of overhead", "run", "--scenarios", "overhead", "--arms", "raw");
        assertMistake("with adapter, raw; comparing the arms", "plan", "--scenarios", "failover");
    }

    private static void assertMistake(String message, String... args) {
        Outcome outcome = run(args);
        assertThat(outcome.code()).isEqualTo(64);
        assertThat(outcome.err()).contains(message);
    }

    @Test
    void withoutACommandItIsRun() {
        assertThat(Main.execute("--brokers", "unknown")).isEqualTo(64);
        assertThat(Main.execute("--help")).isZero();
        assertThat(Main.execute("--version")).isZero();
    }

    /** The library warns on standard error when a text has a percent sign that it takes for a format. */
    @Test
    void helpIsWithoutWarnings() {
        String warnings = said(
                System.err,
                System::setErr,
                () -> Main.commandLine()
                        .getSubcommands()
                        .keySet()
                        .forEach(command ->
                                assertThat(run(command, "--help").code()).isZero()));
        assertThat(warnings).isEmpty();
    }

    @Test
    void reportOfNothingSaysSo() {
        Outcome outcome = run("report", "no-such-folder");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("there is no").contains("'run' writes it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'{\"schemaVersion\": 4, \"runs\": ['  | holds no results, or not all of them",
                "''                                    | holds no results, or not all of them",
                "'[]'                                  | holds no results, or not all of them",
                "'{\"schemaVersion\": 4}'              | holds no results, or not all of them",
                "'{\"schemaVersion\": 1}'              | has schema version 1, but this version reads 4",
                "'{}'                                  | has schema version 0, but this version reads 4",
                "'{\"schemaVersion\": 99}'             | has schema version 99, but this version reads 4"
            })
    void reportOfSomethingElseSaysSo(String content, String message, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.json");
        Files.writeString(file, content);
        for (Outcome outcome : List.of(run("report", folder.toString()), run("compare", file.toString(), "nowhere"))) {
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("compare: " + file + " " + message)
                    .hasLineCount(1);
        }
    }

    @Test
    void aServerThatIsNotInstalledIsNamedBeforeAnythingIsMeasured(@TempDir Path folder) {
        System.setProperty("anymq.brokers.rabbitmq.via", "process");
        System.setProperty("anymq.brokers.rabbitmq.home", folder.toString());
        String said;
        try {
            said = said(
                    System.err,
                    System::setErr,
                    () -> assertThat(run("run", "--brokers=rabbitmq", "--scenarios=overhead", "--out=" + folder)
                                    .code())
                            .isNotZero());
        } finally {
            System.clearProperty("anymq.brokers.rabbitmq.home");
            System.clearProperty("anymq.brokers.rabbitmq.via");
        }
        assertThat(said.lines().skip(1))
                .first()
                .asString()
                .startsWith("rabbitmq will be missing from the report: ")
                .contains("no RabbitMQ server is installed", "-Danymq.brokers.rabbitmq.home");
    }

    @Test
    void aFolderThatCannotBeWrittenIsFoundOutAtOnce(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Outcome outcome = run("run", "--out", file.resolve("below").toString());
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("compare: --out: cannot write to " + file.resolve("below"));
    }
}
