package io.anymq.micrometer;

import io.anymq.Delivery;
import io.micrometer.observation.Observation;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The observations of the attempts at each message that is in this process: an output's parent, whichever thread
 * publishes it, and what a dead letter belongs to. A message that is lost to another process takes its entry with it.
 * Thread-safe.
 */
final class Attempts {
    private record Known(Observation latest, @Nullable Observation firstFailure) {}

    private final Map<Delivery<?>, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    void begun(Delivery<?> delivery, Observation attempt) {
        known.merge(
                delivery,
                new Known(attempt, null),
                (before, begun) -> new Known(begun.latest(), before.firstFailure()));
    }

    void failed(Delivery<?> delivery) {
        known.computeIfPresent(
                delivery,
                (same, before) -> before.firstFailure() == null ? new Known(before.latest(), before.latest()) : before);
    }

    /** The latest attempt; null if there was none in this process. */
    @Nullable
    Observation latest(Delivery<?> delivery) {
        Known found = known.get(delivery);
        return found == null ? null : found.latest();
    }

    /** The first attempt that failed; null if there was none in this process. */
    @Nullable
    Observation firstFailure(Delivery<?> delivery) {
        Known found = known.get(delivery);
        return found == null ? null : found.firstFailure();
    }
}
