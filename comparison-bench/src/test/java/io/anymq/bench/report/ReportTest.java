package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final Results results = SyntheticResults.full();

    @TempDir
    Path folder;

    @Test
    void pageHoldsEveryRun() throws Exception {
        String page = HtmlReport.render(results);
        for (RunResult run : results.runs()) {
            assertThat(page).contains("<th scope=\"row\">" + run.id() + "</th>");
        }
        assertThat(page).contains("the load generator itself was late");
    }

    /** The charting library's own text may name its home page; nothing on the page may load or link anything. */
    @Test
    void pageNeedsNothingElse() throws Exception {
        String page = HtmlReport.render(results);
        assertThat(page).contains("default-src 'none'").contains("Chart.js 4");
        assertThat(page.toLowerCase(Locale.ROOT))
                .doesNotContainPattern("(src|href|action)\\s*=\\s*[\"']?\\s*(https?:)?//")
                .doesNotContainPattern("url\\(\\s*[\"']?(https?:)?//")
                .doesNotContain("<link", "<iframe", "@import", "sourcemappingurl");
    }

    @Test
    void textIsEscaped() throws Exception {
        assertThat(HtmlReport.render(results))
                .contains("no &lt;server&gt; &amp; no container")
                .doesNotContain("<server>");
    }

    @Test
    void missingBrokerIsShownWithItsReason() throws Exception {
        assertThat(HtmlReport.render(results)).contains("Not measured: no &lt;server&gt;");
        assertThat(Summary.render(results)).contains("RabbitMQ was not measured: no <server> & no container");
    }

    @Test
    void sectionsAreInTheOrderOfTheReadersQuestions() throws Exception {
        String page = HtmlReport.render(results);
        assertThat(Pattern.compile("<section id=\"(\\w+)\"")
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactly(
                        "choice environment throughput latency timelines theory overhead prices cost goals limits runs"
                                .split(" "));
    }

    @Test
    void everyLinkOfThePageLeadsSomewhere() throws Exception {
        String page = HtmlReport.render(results);
        var links = Pattern.compile("href=\"#([^\"]+)\"").matcher(page);
        while (links.find()) {
            assertThat(page).contains("id=\"" + links.group(1) + "\"");
        }
        assertThat(page).contains("data-chart=\"timeline\"", "<a href=\"#failover-kafka\">", SyntheticResults.WRONG);
    }

    @Test
    void aBrokerIsNamedOnlyWhereItIsAhead() throws Exception {
        String page = HtmlReport.render(results);
        assertThat(page)
                .contains(
                        "<strong>Apache Kafka</strong> when <a href=\"#throughput-kafka\">throughput matters most</a>")
                .contains("<strong>ActiveMQ Artemis</strong>: no figure of this comparison sets them apart");
    }

    @Test
    void wordsOfResultsAreTheSameOnes() throws Exception {
        Path file = folder.resolve("results.json");
        Json.write(file, results);
        assertThat(Files.readString(file))
                .contains("\"verdict\" : \"slower\"", "\"status\" : \"not measured\"", "\"schemaVersion\" : 4");
    }

    @Test
    void whatTheHostTookIsTold() {
        assertThat(EnvironmentSection.stolen(results)).isEqualTo(Format.NONE);
        RunResult run = results.runs().stream()
                .filter(each -> each.timing().measuredSeconds() != null)
                .findFirst()
                .orElseThrow();
        double wanted = Objects.requireNonNull(run.timing().measuredSeconds())
                * results.environment().processors();
        Results stolen = SyntheticResults.of(List.of(
                run.withUsage(new Usage(run.usage().client(), null, null, null, 0.0)),
                run.withUsage(new Usage(run.usage().client(), null, null, null, wanted / 4))));
        assertThat(EnvironmentSection.stolen(stolen))
                .isEqualTo("12.5 % of the processors' time in measured runs, at most 25.0 % in one");
    }

    @Test
    void variantsStandSideBySide() throws Exception {
        assertThat(HtmlReport.render(results))
                .contains("<th class=\"n group\" scope=\"col\">broker killed</th>"
                        + "<th class=\"n\" scope=\"col\">broker killed, plain client</th>")
                .contains("<td class=\"n strong group\">21</td><td class=\"n strong\">0</td>");
    }

    @Test
    void curvesReachFromTheMedianToTheSlowest() {
        RunResult steady = results.runs().stream()
                .filter(run -> run.scenario().equals("latency"))
                .findFirst()
                .orElseThrow();
        LatencyMicros latency = Objects.requireNonNull(steady.latency().total());
        List<List<Double>> curve = ChartData.curve(latency.decoded().orElseThrow());
        assertThat(curve).contains(List.of(10.0, latency.p90()), List.of(100.0, latency.p99()));
        assertThat(curve.get(curve.size() - 1).get(0)).isEqualTo((double) latency.samples());
        assertThat(curve.get(curve.size() - 1).get(1)).isCloseTo(latency.max(), within(0.06));
    }

    @Test
    void lossIsTheHeadline() throws Exception {
        Results bad = SyntheticResults.of(List.of(SyntheticResults.flawed(3, 0, 0)));
        assertThat(Summary.render(bad)).contains("Yes: 3 lost");
        assertThat(HtmlReport.render(bad)).contains("answer bad").contains("n flaw\">3<");
    }

    @Test
    void figuresReadWell() {
        assertThat(Format.count(1_846_374.0)).isEqualTo("1.85 M");
        assertThat(Format.count(41_234.0)).isEqualTo("41,200");
        assertThat(Format.count(12.0)).isEqualTo("12");
        assertThat(Format.count(null)).isEqualTo("–");
        assertThat(Format.micros(12_345.0)).isEqualTo("12.3 ms");
        assertThat(Format.micros(4.2)).isEqualTo("4.2 µs");
        assertThat(Format.ratio(0.954)).isEqualTo("0.95 ×");
    }
}
