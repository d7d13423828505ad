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
    /** The latest attempt's context, the span of the first one that failed, and the context of the latest dead letter. */
    private record Known(
            @Nullable Context latest,
            @Nullable SpanContext firstFailure,
            @Nullable Context deadLetter) {}

    private final Map<Delivery<?>, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    void begun(Delivery<?> delivery, Context attempt) {
        known.merge(
                delivery,
                new Known(attempt, null, null),
                (before, begun) -> new Known(begun.latest(), before.firstFailure(), null));
    }

    void failed(Delivery<?> delivery) {
        known.computeIfPresent(delivery, (same, before) -> {
            Context latest = before.latest();
            return before.firstFailure() != null || latest == null
                    ? before
                    : new Known(latest, Span.fromContext(latest).getSpanContext(), before.deadLetter());
        });
    }

    void deadLetter(Delivery<?> delivery, Context letter) {
        known.merge(
                delivery,
                new Known(null, null, letter),
                (before, same) -> new Known(before.latest(), before.firstFailure(), letter));
    }

    /** The context that says what became of the message last; null if nothing did in this process. */
    @Nullable
    Context latestOrDeadLetter(Delivery<?> delivery) {
        Known found = known.get(delivery);
        if (found == null) {
            return null;
        }
        Context letter = found.deadLetter();
        return letter == null ? found.latest() : letter;
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
