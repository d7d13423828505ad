package io.anymq.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.anymq.bench.SyntheticResults;
import io.anymq.bench.result.Json;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import java.io.File;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The report as its readers see it: in a headless Chromium, on a desk and on a phone, light and dark. Pictures of it are left in
 * {@code target/report-pictures}.
 */
@Tag("chromium")
@Timeout(120)
class ReportInBrowserIT {
    /** How far down the pictures reach; what follows looks alike. */
    private static final int PICTURED = 6_000;

    private static final Pattern FOUND = Pattern.compile("<pre hidden=\"\">([^<]+)</pre>");

    @TempDir
    static Path folder;

    private static Results results;
    private static Path report;

    /** What report-checks.js found on the page, and what the browser itself complained of. */
    private record Shown(JsonNode found, List<String> complaints) {
        List<String> list(String name) {
            List<String> list = new ArrayList<>();
            found.required(name).forEach(each -> list.add(each.asText()));
            return list;
        }
    }

    @BeforeAll
    static void write() throws Exception {
        results = SyntheticResults.everything();
        Outputs.write(folder, results);
        report = folder.resolve(Outputs.REPORT);
    }

    private static String chromium() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("CHROME_BIN")),
                        Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
                                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                        .map(path -> path + File.separator + name)))
                .filter(program -> Files.isExecutable(Path.of(program)))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("Chromium is missing: it is not on the path, and CHROME_BIN does not"
                                + " name one. Install it (apt-get install --no-install-recommends chromium), or leave this test"
                                + " out, which the run will say: ANYMQ_WITHOUT=chromium ./verify"));
    }

    private static Shown show(Path page, int width, boolean dark) throws Exception {
        Path picture = Files.createDirectories(Path.of("target", "report-pictures"))
                .resolve(
                        String.format(Locale.ROOT, "%s-%d-%s.png", page.getFileName(), width, dark ? "dark" : "light"));
        String frame = Objects.requireNonNull(ReportInBrowserIT.class.getResource("frame.html"))
                .toURI()
                .toString();
        Path dump = folder.resolve("dump.html");
        Path log = folder.resolve("chromium.log");
        Process browser = new ProcessBuilder(
                        chromium(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--allow-file-access-from-files",
                        "--force-prefers-reduced-motion",
                        "--hide-scrollbars",
                        "--enable-logging=stderr",
                        "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--window-size=" + width + "," + PICTURED,
                        "--screenshot=" + picture.toAbsolutePath(),
                        "--dump-dom",
                        frame + "#" + page.toUri() + "," + width + "," + PICTURED + ",0")
                .redirectOutput(dump.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS))
                    .as("Chromium ended")
                    .isTrue();
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
        }
        Matcher found = FOUND.matcher(Files.readString(dump));
        List<String> said = Files.readAllLines(log);
        assertThat(found.find()).as("%s", said).isTrue();
        return new Shown(
                Json.parse(URLDecoder.decode(found.group(1), StandardCharsets.UTF_8), JsonNode.class),
                said.stream().filter(line -> line.contains(":CONSOLE")).toList());
    }

    /** Else what follows would look at a report that lacks what is new. */
    @Test
    void everyScenarioIsInTheReport() {
        assertThat(results.runs().stream().map(RunResult::scenario))
                .containsAll(Scenarios.all().stream().map(Scenario::name).toList());
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "1280, true", "390, false", "390, true"})
    void isWholeAndReadable(int width, boolean dark) throws Exception {
        Shown page = show(report, width, dark);
        assertThat(page.complaints()).as("errors on the console").isEmpty();
        for (String wrong : List.of("requests", "emptyCharts", "deadLinks", "tooWide", "faint")) {
            assertThat(page.list(wrong)).as(wrong).isEmpty();
        }
        assertThat(page.found().required("background").asInt() < 128)
                .as("a dark background")
                .isEqualTo(dark);
        assertThat(page.list("kinds")).contains("overview", "throughput", "latency", "timeline", "cost");
        assertThat(page.found().required("dots").asLong())
                .as("every run is a dot")
                .isEqualTo(results.runs().stream()
                        .filter(run -> run.broker().equals("kafka") && Runs.isClosed(run))
                        .count());
        assertThat(page.found().required("evidence").asDouble())
                .as("a figure leads to its evidence")
                .isBetween(-1.0, 60.0);
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
        Shown page = show(Files.writeString(folder.resolve("broken.html"), broken), 390, false);
        assertThat(page.complaints()).isNotEmpty();
        assertThat(page.list("emptyCharts")).isNotEmpty();
        assertThat(page.list("deadLinks")).containsExactly("#nowhere");
        assertThat(page.list("requests")).containsExactly("http://127.0.0.1:9/x.png");
        assertThat(page.list("tooWide")).isNotEmpty();
        assertThat(page.list("faint")).anyMatch(text -> text.contains("Limits"));
    }
}
