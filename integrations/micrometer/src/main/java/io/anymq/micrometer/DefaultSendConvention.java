package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.micrometer.AnymqObservationDocumentation.HighCardinality;
import io.anymq.micrometer.AnymqObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of {@link AnymqObservationDocumentation#SEND}; extend it to add key values. Immutable and thread-safe. */
@API(API.Status.EVOLVING)
public class DefaultSendConvention implements SendConvention {
    /** The one that is used unless another is set. */
    public static final DefaultSendConvention INSTANCE = new DefaultSendConvention();

    @Override
    public String getName() {
        return AnymqObservationDocumentation.SEND.getName();
    }

    @Override
    public String getContextualName(SendObservationContext context) {
        return "send " + context.destination().name();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(SendObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue(context.system()),
                LowCardinality.OPERATION.withValue("send"),
                LowCardinality.DESTINATION.withValue(context.boundedDestination()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(SendObservationContext context) {
        return KeyValues.of(HighCardinality.MESSAGE_ID.withValue(
                String.valueOf(context.message().id())));
    }
}
