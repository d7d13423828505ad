package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;

/**
 * Makes the spans of dead letters, as Micrometer's own handler does: children of the attempt that failed last. Those of
 * messages without an attempt in this process, such as one that cannot be decoded, become children of the send. Put it
 * before Micrometer's handlers. Thread-safe; needs {@code micrometer-tracing}.
 *
 * @see AnymqReceiverTracingHandler
 */
@API(API.Status.EVOLVING)
public final class AnymqDeadLetterTracingHandler
        extends PropagatingSenderTracingObservationHandler<DeadLetterObservationContext> {
    private final Propagator propagator;

    /** With the bridge's two halves. */
    public AnymqDeadLetterTracingHandler(Tracer tracer, Propagator propagator) {
        super(tracer, propagator);
        this.propagator = propagator;
    }

    @Override
    public void onStart(DeadLetterObservationContext context) {
        super.onStart(context);
        LogScope.Traced.remember(context, getTracer());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof DeadLetterObservationContext;
    }

    @Override
    public Span createSenderSpan(DeadLetterObservationContext context) {
        return context.getParentObservation() == null
                ? propagator
                        .extract(context.delivery().headers(), (headers, name) -> headers.get(name))
                        .kind(Span.Kind.PRODUCER)
                        .start()
                : super.createSenderSpan(context);
    }
}
