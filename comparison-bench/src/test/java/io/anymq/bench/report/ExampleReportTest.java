package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.scenario.Scenarios;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example in docs is a report as this code writes it, of all brokers and scenarios, and says nothing about its machine's owner. */
class ExampleReportTest {
    private static final Path FOLDER = Path.of("..", "docs", "example-report");
    private static final Pattern HEADING = Pattern.compile("<h2>[^<]*</h2>");
    private static final Pattern CHART = Pattern.compile("data-chart=\"[a-z]+\"");

    private static List<String> all(Pattern pattern, String page) {
        return pattern.matcher(page)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    private static String page() throws IOException {
        return Files.readString(FOLDER.resolve(Outputs.REPORT));
    }

    @Test
    void itsPageHasTodaysSectionsAndCharts() throws IOException {
        String today = HtmlReport.render(SyntheticResults.everything());
        assertThat(all(HEADING, page())).isEqualTo(all(HEADING, today));
        assertThat(all(CHART, page())).isEqualTo(all(CHART, today));
        assertThat(page()).contains(Assets.text("report.css"), Assets.text("report.js"));
    }

    @Test
    void itsPageAndItsSummaryTellOfEveryScenarioAndBroker() throws IOException {
        String summary = Files.readString(FOLDER.resolve("summary.md"));
        Scenarios.all().stream()
                .filter(scenario -> !scenario.answers().isEmpty())
                .forEach(scenario -> assertThat(summary).contains(scenario.claim()));
        List<BrokerUnderTest> ours = Brokers.all().stream()
                .filter(broker -> broker.getClass().getPackage().equals(Brokers.class.getPackage()))
                .toList();
        for (BrokerUnderTest broker : ours) {
            assertThat(page()).contains("<strong>" + broker.title() + "</strong>");
            assertThat(summary).contains("| " + broker.name() + " | ");
        }
    }

    @Test
    void nothingSaysWhoseMachineItWas() throws IOException {
        assertThat(page())
                .doesNotContain("/home/", "/root/", System.getProperty("user.dir"))
                .doesNotContainPattern("\"[^\"]*hostname");
    }
}
