package io.anymq.micro.peer;

import io.anymq.MessagingClient;
import io.anymq.micrometer.AnymqDeadLetterTracingHandler;
import io.anymq.micrometer.AnymqMetrics;
import io.anymq.micrometer.AnymqObservation;
import io.anymq.micrometer.AnymqReceiverTracingHandler;
import io.anymq.opentelemetry.AnymqTelemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;

/**
 * A client's metrics and traces, as an application plugs them in. Every span is recorded with its context in the
 * message's headers and then dropped: an exporter costs what it costs, whatever is traced.
 */
final class Observability {
    private Observability() {}

    static MessagingClient.Builder meters(MessagingClient.Builder builder) {
        return AnymqMetrics.of(new SimpleMeterRegistry()).addTo(builder);
    }

    static MessagingClient.Builder observations(MessagingClient.Builder builder) {
        OpenTelemetrySdk sdk = sdk();
        OtelTracer tracer = new OtelTracer(sdk.getTracer("app"), new OtelCurrentTraceContext(), event -> {});
        OtelPropagator propagator = new OtelPropagator(sdk.getPropagators(), sdk.getTracer("app"));
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new AnymqReceiverTracingHandler(tracer, propagator),
                        new AnymqDeadLetterTracingHandler(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
        return AnymqObservation.of(registry).addTo(builder);
    }

    static MessagingClient.Builder openTelemetry(MessagingClient.Builder builder) {
        return AnymqTelemetry.create(sdk()).addTo(builder);
    }

    /** Without threads, so nothing is to be closed. */
    private static OpenTelemetrySdk sdk() {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder().build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(InMemoryMetricReader.create())
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }
}
