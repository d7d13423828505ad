package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a send and its key values; replaces {@link DefaultSendConvention}. Thread-safe.
 *
 * @see AnymqObservation.Builder
 */
@API(API.Status.EVOLVING)
public interface SendConvention extends ObservationConvention<SendObservationContext> {
    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof SendObservationContext;
    }
}
