package io.anymq.opentelemetry;

import io.anymq.Delivery;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the attempts at each message that is in this process: an output's parent, whichever thread publishes it,
 * and what a dead letter belongs to. A message that is lost to another process takes its entry with it. Thread-safe.
 */
final class Attempts {
    /** The latest attempt's context, and the span of the first one that failed. */
    private record Known(Context latest, @Nullable SpanContext firstFailure) {}

    private final Map<Delivery<?>, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    void begun(Delivery<?> delivery, Context attempt) {
        known.merge(
                delivery,
                new Known(attempt, null),
                (before, begun) -> new Known(begun.latest(), before.firstFailure()));
    }

    void failed(Delivery<?> delivery) {
        known.computeIfPresent(
                delivery,
                (same, before) -> before.firstFailure() == null
                        ? new Known(
                                before.latest(),
                                Span.fromContext(before.latest()).getSpanContext())
                        : before);
    }

    /** The context of the latest attempt; null if there was none in this process. */
    @Nullable
    Context latest(Delivery<?> delivery) {
        Known found = known.get(delivery);
        return found == null ? null : found.latest();
    }

    /** The span of the first attempt that failed; invalid if there was none in this process. */
    SpanContext firstFailure(Delivery<?> delivery) {
        Known found = known.get(delivery);
        SpanContext failure = found == null ? null : found.firstFailure();
        return failure == null ? SpanContext.getInvalid() : failure;
    }
}
