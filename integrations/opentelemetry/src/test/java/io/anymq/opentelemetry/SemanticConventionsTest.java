package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switch for the final form of the conventions, and what each form emits. */
class SemanticConventionsTest extends OnTelemetry {
    private static final Queue ORDERS = Queue.of("orders");

    @ParameterizedTest
    @CsvSource(
            value = {
                "'', CURRENT",
                "http, CURRENT",
                "messaging, FINAL",
                "'http, Messaging', FINAL",
                "messaging/dup, BOTH",
                "'messaging,messaging/dup,database', BOTH"
            })
    void theSwitchIsReadLikeThatOfOtherInstrumentations(String value, SemanticConventions expected) {
        Map<String, String> environment = Map.of("OTEL_SEMCONV_STABILITY_OPT_IN", value);
        assertThat(SemanticConventions.from(environment, new Properties())).isEqualTo(expected);
        Properties properties = new Properties();
        properties.setProperty("otel.semconv-stability.opt-in", value);
        assertThat(SemanticConventions.from(Map.of("OTEL_SEMCONV_STABILITY_OPT_IN", "messaging"), properties))
                .isEqualTo(expected);
    }

    @Test
    void withoutTheSwitchTheNamesAreThoseOfTheAgent() {
        assertThat(SemanticConventions.from(Map.of(), new Properties())).isEqualTo(SemanticConventions.CURRENT);
        use(SemanticConventions.CURRENT);
        SpanData send = span("orders publish");
        assertThat(words(send)).containsExactly("messaging.operation=publish");
        assertThat(words(span("orders process"))).containsExactly("messaging.operation=process");
        assertThat(ownMetrics()).containsExactlyInAnyOrder("messaging.publish.duration", "messaging.process.duration");
    }

    @Test
    void theFinalFormHasTheNamesOfTheNewestConventions() {
        use(SemanticConventions.FINAL);
        assertThat(words(span("send orders")))
                .containsExactlyInAnyOrder("messaging.operation.name=send", "messaging.operation.type=send");
        assertThat(words(span("process orders")))
                .containsExactlyInAnyOrder("messaging.operation.name=process", "messaging.operation.type=process");
        assertThat(ownMetrics())
                .containsExactlyInAnyOrder(
                        "messaging.client.operation.duration",
                        "messaging.client.sent.messages",
                        "messaging.client.consumed.messages",
                        "messaging.process.duration");
    }

    @Test
    void bothFormsTogetherHaveAllNames() {
        use(SemanticConventions.BOTH);
        assertThat(words(span("send orders")))
                .containsExactlyInAnyOrder(
                        "messaging.operation=publish",
                        "messaging.operation.name=send",
                        "messaging.operation.type=send");
        assertThat(ownMetrics())
                .containsExactlyInAnyOrder(
                        "messaging.publish.duration",
                        "messaging.client.operation.duration",
                        "messaging.client.sent.messages",
                        "messaging.client.consumed.messages",
                        "messaging.process.duration");
    }

    private void use(SemanticConventions conventions) {
        MessagingClient client = client(telemetry -> telemetry.semanticConventions(conventions));
        client.consumer(ORDERS, String.class).start(delivery -> {});
        client.producer(ORDERS, String.class).send("books").join();
        spans(conventions == SemanticConventions.CURRENT ? "orders settle" : "settle orders", 1);
    }

    private static List<String> words(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().startsWith("messaging.operation"))
                .map(entry -> entry.getKey().getKey() + "=" + entry.getValue())
                .toList();
    }

    /** Those with names of OpenTelemetry's. */
    private List<String> ownMetrics() {
        return metrics.collectAllMetrics().stream()
                .map(MetricData::getName)
                .filter(name -> name.startsWith("messaging."))
                .toList();
    }
}
