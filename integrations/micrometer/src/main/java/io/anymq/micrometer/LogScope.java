package io.anymq.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;

/**
 * Puts log lines into the span of an observation that has stopped. A stopped observation opens no scope any more, but
 * the tracer does; AnyMQ's two handlers leave it in the observation's context.
 */
final class LogScope {
    /** Where the tracer is; a name, since without micrometer-tracing the class cannot be loaded. */
    private static final String TRACER = LogScope.class.getName() + ".tracer";

    private LogScope() {}

    static void write(@Nullable Observation about, Runnable lines) {
        if (about != null && about.getContext().containsKey(TRACER)) {
            Traced.write(about.getContext(), lines);
        } else {
            lines.run();
        }
    }

    /** Apart, because the classes that it names may not be there. */
    static final class Traced {
        private Traced() {}

        static void remember(Observation.Context context, Tracer tracer) {
            context.put(TRACER, tracer);
        }

        @SuppressWarnings("try") // a scope is only closed
        static void write(Observation.Context context, Runnable lines) {
            Tracer tracer = context.getRequired(TRACER);
            TracingContext tracing = context.get(TracingContext.class);
            Span span = tracing == null ? null : tracing.getSpan();
            try (Tracer.SpanInScope ignored = tracer.withSpan(span)) {
                lines.run();
            }
        }
    }
}
