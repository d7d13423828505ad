package io.anymq.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar as its users have it. */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignUpApplicationIT {
    private static ExampleProcess example;

    @BeforeAll
    static void start() throws Exception {
        example = ExampleProcess.launch();
    }

    @AfterAll
    static void stop() {
        example.close();
    }

    private static void signUp(String name) throws Exception {
        HttpResponse<String> answer =
                example.call("POST", "/signups", "{\"name\":\"" + name + "\",\"email\":\"" + name + "@example.org\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private static String user(String name, boolean mailed) {
        return "{\"email\":\"" + name + "@example.org\",\"name\":\"" + name + "\",\"mailed\":" + mailed
                + ",\"customer\":true}";
    }

    @Test
    @Order(1)
    void allSubscribersHearOfASignUp() throws Exception {
        signUp("Ada");
        await().untilAsserted(() ->
                assertThat(example.get("/signups")).contains(user("Ada", true)).contains("\"counted\":1"));
        assertThat(example.get("/actuator/health"))
                .contains("\"status\":\"UP\"")
                .contains("\"anymq\"");
        assertThat(example.call("POST", "/signups", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    @Order(2)
    void mailsThatFailedComeBackByARedrive() throws Exception {
        example.call("PUT", "/outages/mail-server", "");
        signUp("Grace");
        await().untilAsserted(() -> assertThat(example.get("/signups")).contains(user("Grace", false)));
        example.call("DELETE", "/outages/mail-server", "");
        // by retry, if the server came back in time, or else by the redrive, whose queue the listener has made
        await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            HttpResponse<String> redrive =
                    example.call("POST", "/actuator/anymq", "{\"queue\":\"signups-welcome-mail-dead\"}");
            assertThat(redrive.statusCode()).as(redrive.body()).isEqualTo(200);
            assertThat(example.get("/signups")).contains(user("Grace", true));
        });
    }

    @Test
    @Order(3)
    void prometheusScrapesWhatTheDashboardShows() throws Exception {
        String scraped = example.get("/actuator/prometheus");
        assertThat(scraped.lines())
                .anyMatch(line -> line.startsWith("anymq_producer_send_seconds_count{")
                        && line.contains("destination=\"signups\"")
                        && line.contains("outcome=\"confirmed\""))
                .anyMatch(line -> line.startsWith("anymq_consumer_attempt_seconds_count{")
                        && line.contains("source=\"signups/welcome-mail\"")
                        && line.contains("outcome=\"failure\""))
                .anyMatch(line -> line.startsWith("anymq_consumer_retries_total{"))
                .anyMatch(line -> line.startsWith("anymq_consumer_health{")
                        && line.contains("source=\"signups/crm\"")
                        && line.endsWith(" 2.0"))
                .anyMatch(line -> line.startsWith("anymq_consumer_keys_parked{"))
                .anyMatch(line -> line.startsWith("anymq_producer_keys_blocked{"))
                .anyMatch(line -> line.startsWith("anymq_consumer_backlog_age_seconds{"))
                .as("observations as timers")
                .anyMatch(line -> line.startsWith("anymq_process_seconds_count{"));
    }

    @Test
    @Order(4)
    void aListenerIsPausedAndResumedOverHttp() throws Exception {
        assertThat(example.call("POST", "/actuator/anymq/crm", "{\"action\":\"pause\"}")
                        .body())
                .contains("\"paused\":true");
        assertThat(example.get("/actuator/health"))
                .contains("\"status\":\"UP\"")
                .contains("DEGRADED: paused");
        assertThat(example.call("POST", "/actuator/anymq/crm", "{\"action\":\"resume\"}")
                        .body())
                .contains("\"paused\":false");
        assertThat(example.call("POST", "/actuator/anymq/unknown", "{\"action\":\"pause\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(example.call("POST", "/actuator/anymq/crm", "{\"action\":\"dance\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    @Order(5)
    @Tag("chromium")
    void thePageShowsUsersAndListeners(@TempDir Path folder) throws Exception {
        Path picture = Path.of("target", "page.png").toAbsolutePath();
        Path page = folder.resolve("page.html");
        Process chromium = new ProcessBuilder(
                        chromium(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--window-size=1000,900",
                        "--virtual-time-budget=4000",
                        "--screenshot=" + picture,
                        "--dump-dom",
                        example.uri("/").toString())
                .redirectOutput(page.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(chromium.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            chromium.destroyForcibly();
        }
        assertThat(Files.readString(page, StandardCharsets.UTF_8))
                .contains("<td>Ada (Ada@example.org)</td><td>sent</td><td>yes</td>")
                .contains("<td>welcome-mail</td><td>signups/welcome-mail</td><td>RUNNING</td>")
                .contains("<b id=\"broker\">UP: ");
    }

    private static String chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no Chromium in the PATH"));
    }

    @Test
    @Order(6)
    void itEndsCleanlyWhenAsked() throws Exception {
        // 128 + SIGTERM
        assertThat(example.terminate()).isEqualTo(143);
        assertThat(example.outputAtEnd()).contains("Graceful shutdown complete").doesNotContain(" ERROR ");
    }

    @Test
    void mistakesAreToldTogetherInsteadOfAStackTrace() throws Exception {
        try (ExampleProcess wrong =
                ExampleProcess.launch("--anymq.url=pulsar://localhost", "--anymq.retry.max-attemps=3")) {
            String output = wrong.outputAtEnd();
            assertThat(wrong.exitValue()).isEqualTo(1);
            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("no adapter for 'pulsar:'")
                    .contains("did you mean anymq.retry.max-attempts?")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void itStartsWithoutItsBrokerAndIsDown() throws Exception {
        try (ExampleProcess alone =
                ExampleProcess.launch("--anymq.url=rabbitmq://127.0.0.1:1", "--anymq.connect-timeout=1s")) {
            HttpResponse<String> health = alone.call("GET", "/actuator/health", "");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("could not be reached since the application started");
            HttpResponse<String> answer =
                    alone.call("POST", "/signups", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(List.of("UNAVAILABLE", "TIMEOUT")).contains(answer.body());
        }
    }
}
