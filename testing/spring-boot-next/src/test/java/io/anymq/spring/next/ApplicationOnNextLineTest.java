package io.anymq.spring.next;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.examples.boot.SignUpApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;

/** The example, called over HTTP. The tests of the auto-configuration run in this module as well. */
class ApplicationOnNextLineTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private String call(String method, ConfigurableApplicationContext context, String path, String body)
            throws Exception {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Else the same line would be tested twice. */
    @Test
    void theLineIsTheNextOne() {
        assertThat(SpringBootVersion.getVersion()).startsWith("4.1.");
    }

    @Test
    void theExampleHandlesASignUp() throws Exception {
        try (ConfigurableApplicationContext context =
                SpringApplication.run(SignUpApplication.class, "--server.port=0")) {
            call("POST", context, "/signups", "{\"name\":\"Ada\",\"email\":\"ada@example.org\"}");
            await().untilAsserted(() -> assertThat(call("GET", context, "/signups", ""))
                    .contains("\"mailed\":true,\"customer\":true")
                    .contains("\"counted\":1"));
            assertThat(call("GET", context, "/actuator/anymq", "")).contains("\"id\":\"welcome-mail\"");
            assertThat(call("GET", context, "/actuator/health", "")).contains("\"status\":\"UP\"");
        }
    }
}
