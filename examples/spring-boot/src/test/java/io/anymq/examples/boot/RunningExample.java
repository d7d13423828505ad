package io.anymq.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application in this JVM, on a port that the system chooses, called over HTTP. */
final class RunningExample implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Starts it with options of Spring. */
    RunningExample(String... options) {
        this.context = SpringApplication.run(
                SignUpApplication.class,
                Stream.concat(
                                Stream.of(
                                        "--server.port=0",
                                        "--spring.main.banner-mode=off",
                                        "--logging.level.root=warn"),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    HttpResponse<String> call(String method, String path, String body) throws Exception {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(SOON)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void shows(String path, String text) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(call("GET", path, "").body()).contains(text));
    }

    HttpResponse<String> signUp(String name) throws Exception {
        return call("POST", "/signups", "{\"name\":\"" + name + "\",\"email\":\"" + name + "@example.org\"}");
    }

    /** Until its broker is reached and its listeners receive. */
    void awaitUp() {
        shows("/actuator/health", "\"broker\":\"UP");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(call("GET", "/actuator/health", "").statusCode())
                                .isEqualTo(200));
    }

    /** All three subscribers hear of a user; a mail that fails three times goes out by a redrive. */
    void handlesSignUps() throws Exception {
        assertThat(signUp("Ada").statusCode()).isEqualTo(202);
        shows("/signups", user("Ada", true));
        shows("/signups", "\"counted\":1");
        call("PUT", "/outages/mail-server", "");
        assertThat(signUp("Grace").statusCode()).isEqualTo(202);
        shows("/signups", user("Grace", false));
        call("DELETE", "/outages/mail-server", "");
        // by retry, if the server came back in time, or else by the redrive, whose queue the listener has made
        await().atMost(SOON).untilAsserted(() -> {
            call("POST", "/actuator/anymq", "{\"queue\":\"signups-welcome-mail-dead\"}");
            assertThat(call("GET", "/signups", "").body()).contains(user("Grace", true));
        });
    }

    private static String user(String name, boolean mailed) {
        return "{\"email\":\"" + name + "@example.org\",\"name\":\"" + name + "\",\"mailed\":" + mailed
                + ",\"customer\":true}";
    }

    @Override
    public void close() {
        context.close();
    }
}
