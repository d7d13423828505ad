package io.anymq.opentelemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a message failed first, in a header of its dead letter: a redrive, perhaps days later and in another process, is
 * linked to it. In the W3C's format, whatever the application's propagator writes.
 */
final class FailureTrace {
    static final String HEADER = "anymq-failure-traceparent";

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final String TRACEPARENT = "traceparent";

    private FailureTrace() {}

    /** The header that says so; empty for a context that is not valid. */
    static Map<String, String> header(SpanContext failed) {
        Map<String, String> written = new HashMap<>();
        W3C.inject(Context.root().with(Span.wrap(failed)), written, Headers.SETTER);
        String value = written.get(TRACEPARENT);
        return value == null ? Map.of() : Map.of(HEADER, value);
    }

    /** What {@link #header} has written; invalid where there is none. */
    static SpanContext read(Map<String, String> headers) {
        @Nullable String value = headers.get(HEADER);
        return value == null
                ? SpanContext.getInvalid()
                : Span.fromContext(W3C.extract(Context.root(), Map.of(TRACEPARENT, value), Headers.GETTER))
                        .getSpanContext();
    }
}
