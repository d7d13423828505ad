package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a message of a redrive and its key values; replaces {@link DefaultRedriveConvention}. Thread-safe.
 *
 * @see AnymqObservation.Builder
 */
@API(API.Status.EVOLVING)
public interface RedriveConvention extends ObservationConvention<RedriveObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof RedriveObservationContext;
    }
}
