package io.anymq.micrometer;

import io.anymq.Delivery;
import io.micrometer.observation.Observation;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The observations of the attempts at each message that is in this process: an output's parent, whichever thread
 * publishes it, and what a dead letter belongs to. A message that is gone takes its entry with it, because no observation
 * holds one strongly.
 * Thread-safe.
 */
final class Attempts {
    private record Known(
            @Nullable Observation latest,
            @Nullable Observation firstFailure,
            @Nullable Observation deadLetter) {}

    private final Map<Delivery<?>, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    void begun(Delivery<?> delivery, Observation attempt) {
        known.merge(
                delivery,
                new Known(attempt, null, null),
                (before, begun) -> new Known(begun.latest(), before.firstFailure(), null));
    }

    void failed(Delivery<?> delivery) {
        known.computeIfPresent(
                delivery,
                (same, before) -> before.firstFailure() == null
                        ? new Known(before.latest(), before.latest(), before.deadLetter())
                        : before);
    }

    void deadLetter(Delivery<?> delivery, Observation letter) {
        known.merge(
                delivery,
                new Known(null, null, letter),
                (before, same) -> new Known(before.latest(), before.firstFailure(), letter));
    }

    /** The observation that says what became of the message last; null if nothing did in this process. */
    @Nullable
    Observation latestOrDeadLetter(Delivery<?> delivery) {
        Known found = known.get(delivery);
        if (found == null) {
            return null;
        }
        Observation letter = found.deadLetter();
        return letter == null ? found.latest() : letter;
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
