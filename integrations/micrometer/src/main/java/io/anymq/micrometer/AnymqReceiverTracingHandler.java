package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Map;

/**
 * Makes the spans of attempts and of redrives, as Micrometer's own handler does, and adds what an observation cannot say:
 * the links of a batch to each of its messages, and of what was redriven to the first failure. Links are read from the
 * W3C's header {@code traceparent}. Put it before Micrometer's handlers. Thread-safe; needs {@code micrometer-tracing}.
 *
 * <pre>{@code
 * registry.observationConfig().observationHandler(new FirstMatchingCompositeObservationHandler(
 *         new AnymqReceiverTracingHandler(tracer, propagator),
 *         new AnymqDeadLetterTracingHandler(tracer, propagator),
 *         new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
 *         new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
 *         new DefaultTracingObservationHandler(tracer)));
 * }</pre>
 */
@API(API.Status.EVOLVING)
public final class AnymqReceiverTracingHandler
        extends PropagatingReceiverTracingObservationHandler<ReceiverContext<Map<String, String>>> {
    private static final String TRACEPARENT = "traceparent";

    /** With the bridge's two halves. */
    public AnymqReceiverTracingHandler(Tracer tracer, Propagator propagator) {
        super(tracer, propagator);
    }

    @Override
    public void onStart(ReceiverContext<Map<String, String>> context) {
        super.onStart(context);
        LogScope.Traced.remember(context, getTracer());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessObservationContext || context instanceof RedriveObservationContext;
    }

    @Override
    public Span.Builder customizeExtractedSpan(ReceiverContext<Map<String, String>> context, Span.Builder builder) {
        if (context instanceof ProcessObservationContext process) {
            process.deliveries().forEach(delivery -> {
                link(builder, delivery.headers(), TRACEPARENT);
                link(builder, delivery.headers(), FailureTrace.HEADER);
            });
        } else if (context instanceof RedriveObservationContext redrive) {
            link(builder, redrive.headers(), FailureTrace.HEADER);
        }
        return builder;
    }

    private void link(Span.Builder builder, Map<String, String> headers, String name) {
        FailureTrace.Traced.read(getTracer(), headers, name).ifPresent(to -> builder.addLink(new Link(to)));
    }
}
