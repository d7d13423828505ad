package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.micrometer.AnymqObservationDocumentation.HighCardinality;
import io.anymq.micrometer.AnymqObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of {@link AnymqObservationDocumentation#REDRIVE}; extend it to add key values. Immutable and thread-safe. */
@API(API.Status.EVOLVING)
public class DefaultRedriveConvention implements RedriveConvention {
    /** The one that is used unless another is set. */
    public static final DefaultRedriveConvention INSTANCE = new DefaultRedriveConvention();

    @Override
    public String getName() {
        return AnymqObservationDocumentation.REDRIVE.getName();
    }

    @Override
    public String getContextualName(RedriveObservationContext context) {
        return "redrive " + context.origin().path();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(RedriveObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue(context.system()),
                LowCardinality.OPERATION.withValue("redrive"),
                LowCardinality.SOURCE.withValue(context.boundedSource()),
                LowCardinality.DEAD_LETTER_QUEUE.withValue(context.deadLetter().name()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(RedriveObservationContext context) {
        return KeyValues.of(
                HighCardinality.MESSAGE_ID.withValue(context.messageId()),
                HighCardinality.REDRIVES.withValue(Long.toString(context.redrives())));
    }
}
