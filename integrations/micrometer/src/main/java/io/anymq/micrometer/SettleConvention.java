package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a settlement and its key values; replaces {@link DefaultSettleConvention}. Thread-safe.
 *
 * @see AnymqObservation.Builder
 */
@API(API.Status.EVOLVING)
public interface SettleConvention extends ObservationConvention<SettleObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof SettleObservationContext;
    }
}
