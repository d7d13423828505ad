package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of an attempt and its key values; replaces {@link DefaultProcessConvention}. Thread-safe.
 *
 * @see AnymqObservation.Builder
 */
@API(API.Status.EVOLVING)
public interface ProcessConvention extends ObservationConvention<ProcessObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessObservationContext;
    }
}
