package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.browser.Chromium;
import io.anymq.bench.browser.Page;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The report as its readers see it: in a real browser, on a desk and on a phone, light and dark. Pictures of it are left in
 * {@code target/report-pictures}.
 */
@Tag("chromium")
@Timeout(120)
class ReportInBrowserIT {
    private static final Path PICTURES = Path.of("target", "report-pictures");

    /** How far down; what follows looks alike, and takes seconds. */
    private static final int PICTURED = 6_000;

    @TempDir
    static Path folder;

    private static Results results;
    private static Chromium browser;
    private static Path report;
    private static String checks;

    @BeforeAll
    static void open() throws Exception {
        results = SyntheticResults.everything();
        Outputs.write(folder, results);
        report = folder.resolve(Outputs.REPORT);
        try (InputStream in = Objects.requireNonNull(ReportInBrowserIT.class.getResourceAsStream("report-checks.js"))) {
            checks = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        browser = Chromium.start(folder);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Page show(int width, boolean dark) throws Exception {
        Page page = browser.page(width, 900, dark);
        page.open(report);
        page.evaluate(checks);
        return page;
    }

    /** Else what follows would look at a report that lacks what is new. */
    @Test
    void everyScenarioIsInTheReport() {
        assertThat(results.runs().stream().map(RunResult::scenario))
                .containsAll(Scenarios.all().stream().map(Scenario::name).toList());
    }

    @ParameterizedTest
    @CsvSource({"desk, 1280, false", "desk, 1280, true", "phone, 390, false", "phone, 390, true"})
    void isWholeAndReadable(String device, int width, boolean dark) throws Exception {
        Page page = show(width, dark);
        page.picture(PICTURES.resolve(device + (dark ? "-dark" : "-light") + ".png"), PICTURED);

        assertThat(page.complaints()).as("errors on the console").isEmpty();
        assertThat(page.requests())
                .as("requests")
                .containsExactly(report.toUri().toString());
        assertThat(page.strings("checks.emptyCharts()"))
                .as("charts without a curve")
                .isEmpty();
        assertThat(page.strings("checks.deadLinks()")).as("links to nowhere").isEmpty();
        assertThat(page.strings("checks.tooWide()")).as("wider than the screen").isEmpty();
        assertThat(page.strings("checks.faint()"))
                .as("text of too little contrast")
                .isEmpty();
        assertThat(page.evaluate("checks.background()").asInt() < 128)
                .as("a dark background")
                .isEqualTo(dark);
    }

    @Test
    void everyKindOfChartIsThereAndEveryRunIsADot() throws Exception {
        Page page = show(1280, false);
        assertThat(page.strings("checks.kinds()")).contains("overview", "throughput", "latency", "timeline", "cost");
        long expected = results.runs().stream()
                .filter(run -> run.broker().equals("kafka") && Runs.isClosed(run))
                .count();
        assertThat(page.evaluate("checks.dots('kafka')").asLong()).isEqualTo(expected);
    }

    @Test
    void aFigureLeadsToItsEvidence() throws Exception {
        Page page = show(390, false);
        page.evaluate("document.querySelector('#choice a[href=\"#throughput-kafka\"]').click()");
        assertThat(page.evaluate("checks.top('throughput-kafka')").asDouble()).isBetween(-1.0, 60.0);
    }

    /** Else a check that never finds anything would pass for ever. */
    @Test
    void checksFindWhatIsWrong() throws Exception {
        String broken = Files.readString(report)
                .replace(
                        "<h2>Limits</h2>",
                        "<h2 style=\"color:#888;background:#999\">Limits</h2>"
                                + "<a href=\"#nowhere\">x</a><img src=\"http://127.0.0.1:9/x.png\" width=\"2000\" height=\"1\">"
                                + "<canvas data-chart=\"timeline\" data-run=\"none\"></canvas>");
        Path file = folder.resolve("broken.html");
        Files.writeString(file, broken);
        Page page = browser.page(390, 900, false);
        page.open(file);
        page.evaluate(checks);
        assertThat(page.complaints()).isNotEmpty();
        assertThat(page.strings("checks.emptyCharts()")).isNotEmpty();
        assertThat(page.strings("checks.deadLinks()")).containsExactly("#nowhere");
        assertThat(page.strings("checks.tooWide()")).isNotEmpty();
        assertThat(page.strings("checks.faint()")).anyMatch(text -> text.contains("Limits"));
    }
}
