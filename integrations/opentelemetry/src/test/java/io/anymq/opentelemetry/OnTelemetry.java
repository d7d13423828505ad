package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Clients on an embedded broker whose spans, metrics and log lines a real SDK exports to memory. */
@Timeout(60)
abstract class OnTelemetry {
    static final Duration SOON = Duration.ofSeconds(15);
    static final Queue ORDERS = Queue.of("orders");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("anymq.attempt");

    final InMemorySpanExporter spans = InMemorySpanExporter.create();
    final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    final InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();
    final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                    .build())
            .setPropagators(ContextPropagators.create(TextMapPropagator.composite(
                    W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())))
            .build();

    private final List<MessagingClient> clients = new ArrayList<>();

    /** A client on the broker that all clients of a test share. */
    final MessagingClient client() {
        return client(telemetry -> telemetry.semanticConventions(SemanticConventions.FINAL));
    }

    final MessagingClient client(Consumer<AnymqTelemetry.Builder> settings) {
        AnymqTelemetry.Builder telemetry = AnymqTelemetry.builder(sdk);
        settings.accept(telemetry);
        MessagingClient.Builder builder = MessagingClient.builder()
                .url("inmemory:" + getClass().getSimpleName() + "-" + System.identityHashCode(this))
                .set("anymq.name", "shop");
        return opened(telemetry.build().addTo(builder));
    }

    final MessagingClient opened(MessagingClient.Builder builder) {
        MessagingClient client = builder.open();
        clients.add(client);
        return client;
    }

    @AfterEach
    final void close() {
        clients.forEach(MessagingClient::close);
        sdk.close();
    }

    static InMemoryBroker broker(MessagingClient client) {
        return client.unwrap(InMemoryBroker.class).orElseThrow();
    }

    static void send(MessagingClient client, String... bodies) {
        for (String body : bodies) {
            client.producer(ORDERS, String.class).send(body).join();
        }
    }

    /** Writes a log line as an appender does: it takes the context that is current. */
    static void logLine(OpenTelemetry telemetry, String line) {
        telemetry.getLogsBridge().get("app").logRecordBuilder().setBody(line).emit();
    }

    /** The spans of this name, oldest first, when there are {@code count}. */
    final List<SpanData> spans(String name, int count) {
        await().atMost(SOON).until(() -> found(name).size() >= count);
        List<SpanData> found = found(name);
        assertThat(found).hasSize(count);
        return found;
    }

    final SpanData span(String name) {
        return spans(name, 1).get(0);
    }

    private List<SpanData> found(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
                .toList();
    }

    final LogRecordData line(String text) {
        List<LogRecordData> found = logs.getFinishedLogRecordItems().stream()
                .filter(line -> text.equals(String.valueOf(
                        line.getBodyValue() == null ? null : line.getBodyValue().asString())))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    static void assertChild(SpanData child, SpanData parent) {
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
        assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
    }

    static List<String> links(SpanData span) {
        return span.getLinks().stream()
                .map(link -> link.getSpanContext().getTraceId() + " "
                        + link.getSpanContext().getSpanId())
                .toList();
    }

    static String linkTo(SpanData span) {
        return span.getTraceId() + " " + span.getSpanId();
    }
}
