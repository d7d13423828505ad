package io.anymq.clientversions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.ChildJvm;
import io.anymq.brokers.LocalBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds docs/logging.md true: what its files quiet, what they leave, and what a user reads of a failing consumer. */
class LoggingIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int MANY = 10_000;
    private static final List<String> FAILING = List.of(
            "Attempt 1 of 3 at message order-2",
            "Attempt 2 of 3 at message order-2",
            "Dead-lettered message order-2",
            "Stopping the consumer of payments");

    @TempDir
    Path folder;

    private ChildJvm start(String platform, Optional<LogSnippet> snippet, String... args) throws IOException {
        List<Path> classPath = new ArrayList<>();
        if (snippet.isPresent()) {
            classPath.add(snippet.get().writeTo(Files.createTempDirectory(folder, platform)));
        }
        classPath.addAll(new Platform(platform).classPath());
        return ChildJvm.of(FailingApplication.class)
                .classPath(classPath)
                .jvmOptions("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .args(args)
                .start();
    }

    private static ApplicationLog finished(ChildJvm application) {
        int exit = application.awaitExit(LIMIT);
        assertThat(application.output()).as("ended with %d", exit).contains("PASSED");
        return ApplicationLog.of(application.output());
    }

    /**
     * {@code quiet} lines of the vendor's at most with the snippet, {@code loud} at least without it; 0 where there is
     * nothing to quiet.
     */
    @ParameterizedTest
    @CsvSource({
        "KAFKA,    Kafka,                         500, 5",
        "RABBITMQ, RabbitMQ,                      0,   0",
        "ROCKETMQ, RocketMQ,                      30,  5",
        "ACTIVEMQ, ActiveMQ Classic and Artemis,  0,   0",
        "ARTEMIS,  ActiveMQ Classic and Artemis,  0,   0"
    })
    void theSnippetsQuietTheVendorsAndLeaveWhatAnOperatorNeeds(BrokerKind kind, String section, int loud, int quiet)
            throws IOException {
        LogSnippet logback = LogSnippet.of("logback.xml");
        LogSnippet log4j2 = LogSnippet.of("log4j2.xml");
        SoftAssertions all = new SoftAssertions();
        try (LocalBroker running = AvailableBroker.start(kind);
                ChildJvm unquieted = start("logback", Optional.of(logback.only("")), running.url(), "", "-1");
                ChildJvm otherBackend = start("log4j2", Optional.of(log4j2.only(section)), running.url(), "", "-2");
                ChildJvm quieted =
                        start("logback", Optional.of(logback.only(section)), running.url(), "outage", "-3")) {
            quieted.awaitLine("WAITING", LIMIT);
            ApplicationLog without = finished(unquieted);
            List<ApplicationLog> with = List.of(ApplicationLog.of(quieted.output()), finished(otherBackend));

            all.assertThat(without.others()).as("without the snippet").hasSizeBetween(loud, loud == 0 ? quiet : MANY);
            logback.loggers(section)
                    .forEach(logger -> all.assertThat(without.others())
                            .as("%s is a logger that %s uses", logger, section)
                            .anyMatch(line -> ApplicationLog.isOf(logger, line)));
            for (ApplicationLog log : with) {
                all.assertThat(log.others()).as("with " + section).hasSizeLessThanOrEqualTo(quiet);
                all.assertThat(log.anymq()).anyMatch(line -> line.contains("INFO") && line.contains("connects to"));
                FAILING.forEach(part -> all.assertThat(log.anymq()).anyMatch(line -> line.contains(part)));
            }

            int before = quieted.output().size();
            running.kill();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(quieted.output().stream().skip(before))
                            .as("the log tells of a broker that is away")
                            .anyMatch(ApplicationLog::isProblem));
            quieted.kill();
        }
        all.assertAll();
    }

    @Test
    void everyBackendHasTheSameLevels() {
        Map<String, Map<String, String>> levels = LogSnippet.of("logback.xml").levels();
        assertThat(levels).containsKey("Kafka");
        assertThat(LogSnippet.of("log4j2.xml").levels()).isEqualTo(levels);
        assertThat(LogSnippet.of("simplelogger.properties").levels()).isEqualTo(levels);
        assertThat(LogSnippet.of("application.properties").levels()).isEqualTo(levels);
    }

    /** Without a configuration, of AnyMQ as of the backend: the page shows the run, line by line. */
    @Test
    void theExcerptIsWhatAUserReads() throws IOException {
        List<String> shown = LogSnippet.blocks().stream()
                .filter(block -> block.startsWith("[main] INFO io.anymq"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("docs/logging.md shows no log of a failing consumer"))
                .lines()
                .toList();
        try (ChildJvm application = start("slf4j-simple", Optional.empty())) {
            ApplicationLog log = finished(application);
            assertThat(log.others()).as("nothing but AnyMQ logs").isEmpty();
            assertThat(log.anymq().stream().map(LoggingIT::stable))
                    .containsExactlyElementsOf(
                            shown.stream().map(LoggingIT::stable).toList());
        }
    }

    /** Without the names of threads, folders and the delays, in which two runs differ. */
    private static String stable(String line) {
        return line.replaceAll("^\\[[^]]*]", "[thread]")
                .replaceAll("retrying in \\d+ ms", "retrying in n ms")
                .replaceAll("anymq\\.properties in \\S+", "anymq.properties in folder");
    }
}
