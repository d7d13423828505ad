package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
                .contains("no &lt;erlang&gt; &amp; no container")
                .doesNotContain("<erlang>");
    }

    @Test
    void missingBrokerIsShownWithItsReason() throws Exception {
        assertThat(HtmlReport.render(results)).contains("Not measured: no &lt;erlang&gt;");
        assertThat(Summary.render(results)).contains("rabbitmq was not measured: no <erlang> & no container");
    }

    @Test
    void headlinesComeFirst() throws Exception {
        String page = HtmlReport.render(results);
        String[] order = {
            "choice", "answers", "environment", "throughput", "latency", "theory", "overhead", "goals", "limits", "runs"
        };
        int last = 0;
        for (String id : order) {
            int at = page.indexOf("<section id=\"" + id + "\"");
            assertThat(at).as(id).isGreaterThan(last);
            last = at;
        }
    }

    @Test
    void everyLinkOfThePageLeadsSomewhere() throws Exception {
        String page = HtmlReport.render(SyntheticResults.withDemonstrations());
        var links = java.util.regex.Pattern.compile("href=\"#([^\"]+)\"").matcher(page);
        while (links.find()) {
            assertThat(page).contains("id=\"" + links.group(1) + "\"");
        }
        assertThat(page).contains("data-chart=\"timeline\"", "<a href=\"#failover\">", "out of order");
    }

    @Test
    void aBrokerIsNamedOnlyWhereItIsAhead() throws Exception {
        String page = HtmlReport.render(SyntheticResults.withDemonstrations());
        assertThat(page)
                .contains("<strong>kafka</strong> when <a href=\"#throughput\">much has to go through</a>")
                .contains("<strong>artemis</strong>: no figure of this comparison sets them apart");
    }

    @Test
    void allFilesAreWrittenAndReadBack() throws Exception {
        Outputs.write(folder, results);
        for (String name : new String[] {"results.json", "runs.csv", "summary.md", "env.json", "report.html"}) {
            assertThat(folder.resolve(name)).isNotEmptyFile();
        }
        assertThat(Json.read(folder.resolve("results.json"), Results.class)).isEqualTo(results);
        assertThat(Files.readAllLines(folder.resolve("runs.csv")))
                .hasSize(results.runs().size() + 1);
        assertThat(Files.readString(folder.resolve("results.json")))
                .contains("\"verdict\" : \"slower\"", "\"status\" : \"not measured\"", "\"schemaVersion\" : 1");
    }

    @Test
    void lossIsTheHeadline() throws Exception {
        RunResult flawed = SyntheticResults.run(
                "kafka",
                "adapter",
                "throughput",
                java.util.Map.of("window", 1),
                10,
                results.runs().get(0).latencyMicros(),
                3,
                0,
                0);
        Results bad = SyntheticResults.of(java.util.List.of(flawed));
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
