package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Profile;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The example is a real report of a quick run; what is said of its figures is what the code says today. */
class ExampleReportTest {
    private static final Path FOLDER = Path.of("..", "docs", "example-report");
    private static final String CURE = "./compare report docs/example-report writes it anew";

    private static Results results;

    @BeforeAll
    static void read() throws IOException {
        results = Json.read(FOLDER.resolve("results.json"), Results.class);
    }

    @Test
    void pageSaysWhatTheResultsSay() throws IOException {
        isAsWritten("report.html", HtmlReport.render(results));
    }

    @Test
    void summarySaysWhatTheResultsSay() throws IOException {
        isAsWritten("summary.md", Summary.render(results));
    }

    /** Without printing both, as they are long. */
    private static void isAsWritten(String name, String rendered) throws IOException {
        assertThat(Files.readString(FOLDER.resolve(name)).equals(rendered))
                .as("%s is what its results.json makes; %s", name, CURE)
                .isTrue();
    }

    @Test
    void everyScenarioWasMeasuredOnEveryBroker() {
        assertThat(results.plan().profile()).isEqualTo("quick");
        assertThat(results.brokers()).hasSize(6);
        assertThat(results.plan().scenarios())
                .containsExactlyElementsOf(Scenarios.namesOf(Profile.QUICK))
                .hasSameSizeAs(Scenarios.all());
        for (String scenario : results.plan().scenarios()) {
            long brokers = Stream.concat(
                            results.runs().stream()
                                    .filter(run -> run.scenario().equals(scenario))
                                    .map(RunResult::broker),
                            results.comparisons().stream()
                                    .filter(comparison -> comparison.scenario().equals(scenario))
                                    .map(Comparison::broker))
                    .distinct()
                    .count();
            // what needs a process of its own is not there in memory
            assertThat(brokers).as(scenario).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void everyAnswerFindsItsFigures() {
        for (Scenario scenario : Scenarios.all()) {
            for (String answer : scenario.answers()) {
                assertThat(Findings.fill(answer, Findings.of(results, scenario.name())))
                        .as("%s: %s", scenario.name(), answer)
                        .isPresent();
            }
        }
    }

    @Test
    void nothingSaysWhoseMachineItWas() throws IOException {
        String text = Files.readString(FOLDER.resolve("results.json"));
        assertThat(text)
                .doesNotContain("/home/", "/root/", System.getProperty("user.dir"))
                .doesNotContainPattern("\"[^\"]*hostname");
    }
}
