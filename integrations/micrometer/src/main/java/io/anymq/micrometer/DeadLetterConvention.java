package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a dead letter and its key values; replaces {@link DefaultDeadLetterConvention}. Thread-safe.
 *
 * @see AnymqObservation.Builder
 */
@API(API.Status.EVOLVING)
public interface DeadLetterConvention extends ObservationConvention<DeadLetterObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof DeadLetterObservationContext;
    }
}
