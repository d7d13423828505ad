package io.anymq.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a message failed first, in a header of its dead letter: a redrive, perhaps days later and in another process, is
 * linked to it. In the W3C's format, whatever the application's propagator writes.
 */
final class FailureTrace {
    static final String HEADER = "anymq-failure-traceparent";

    private static final boolean IS_TRACING_THERE = isThere("io.micrometer.tracing.handler.TracingObservationHandler");

    private FailureTrace() {}

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, FailureTrace.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The header that names the span of {@code failed}; empty without one. */
    static Map<String, String> header(@Nullable Observation failed) {
        return failed == null || !IS_TRACING_THERE
                ? Map.of()
                : Traced.traceparent(failed).map(value -> Map.of(HEADER, value)).orElse(Map.of());
    }

    /** Apart, because the classes that it names may not be there. */
    static final class Traced {
        private Traced() {}

        static Optional<String> traceparent(Observation observation) {
            TracingContext tracing = observation.getContext().get(TracingContext.class);
            Span span = tracing == null ? null : tracing.getSpan();
            if (span == null) {
                return Optional.empty();
            }
            TraceContext context = span.context();
            // 64 bits of a bridge to Brave; nothing or zeros where there is no trace
            String trace = "0".repeat(Math.max(0, 32 - context.traceId().length())) + context.traceId();
            if (trace.chars().allMatch(digit -> digit == '0')) {
                return Optional.empty();
            }
            return Optional.of("00-" + trace + "-" + context.spanId() + "-"
                    + (Boolean.TRUE.equals(context.sampled()) ? "01" : "00"));
        }

        /** What a header holds that {@link #traceparent}, or a propagator of the W3C's format, has written. */
        static Optional<TraceContext> read(Tracer tracer, Map<String, String> headers, String name) {
            String[] parts = headers.getOrDefault(name, "").split("-", -1);
            if (parts.length < 4 || parts[1].length() != 32 || parts[2].length() != 16) {
                return Optional.empty();
            }
            return Optional.of(tracer.traceContextBuilder()
                    .traceId(parts[1])
                    .spanId(parts[2])
                    .sampled(parts[3].endsWith("1"))
                    .build());
        }
    }
}
