package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.micrometer.AnymqObservationDocumentation.HighCardinality;
import io.anymq.micrometer.AnymqObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of {@link AnymqObservationDocumentation#SETTLE}; extend it to add key values. Immutable and thread-safe. */
@API(API.Status.EVOLVING)
public class DefaultSettleConvention implements SettleConvention {
    /** The one that is used unless another is set. */
    public static final DefaultSettleConvention INSTANCE = new DefaultSettleConvention();

    @Override
    public String getName() {
        return AnymqObservationDocumentation.SETTLE.getName();
    }

    @Override
    public String getContextualName(SettleObservationContext context) {
        return "settle " + context.source().path();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(SettleObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue(context.system()),
                LowCardinality.OPERATION.withValue("settle"),
                LowCardinality.SOURCE.withValue(context.boundedSource()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(SettleObservationContext context) {
        return KeyValues.of(HighCardinality.MESSAGE_ID.withValue(context.messageId()));
    }
}
