package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** With spans, made by Micrometer's bridge to OpenTelemetry. */
abstract class OnTracing extends OnEmbeddedBroker {
    final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    final OtelTracer tracer = new OtelTracer(sdk.getTracer("app"), new OtelCurrentTraceContext(), event -> {});
    final OtelPropagator propagator = new OtelPropagator(sdk.getPropagators(), sdk.getTracer("app"));
    final ObservationRegistry registry = ObservationRegistry.create();
    /** What log lines within a handler are given: the trace and the span that are current. */
    final List<String> lines = new CopyOnWriteArrayList<>();

    OnTracing() {
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new AnymqReceiverTracingHandler(tracer, propagator),
                        new AnymqDeadLetterTracingHandler(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    @AfterEach
    final void closeSdk() {
        sdk.close();
    }

    final MessagingClient client() {
        return opened(AnymqObservation.of(registry).addTo(builder()));
    }

    final void logLine() {
        lines.add(Span.current().getSpanContext().getSpanId());
    }

    final List<SpanData> spans(String name, int count) {
        await().atMost(SOON).until(() -> found(name).size() >= count);
        List<SpanData> found = found(name);
        assertThat(found).hasSize(count);
        return found;
    }

    final SpanData span(String name) {
        return spans(name, 1).get(0);
    }

    final List<SpanData> found(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
                .toList();
    }

    static void assertChild(SpanData child, SpanData parent) {
        assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
        assertThat(child.getParentSpanId()).isEqualTo(parent.getSpanId());
    }

    static List<String> links(SpanData span) {
        return span.getLinks().stream()
                .map(link -> link.getSpanContext().getSpanId())
                .toList();
    }
}
