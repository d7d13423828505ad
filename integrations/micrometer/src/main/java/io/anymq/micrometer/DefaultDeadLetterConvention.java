package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.micrometer.AnymqObservationDocumentation.HighCardinality;
import io.anymq.micrometer.AnymqObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of {@link AnymqObservationDocumentation#DEAD_LETTER}; extend it to add key values. Immutable and thread-safe. */
@API(API.Status.EVOLVING)
public class DefaultDeadLetterConvention implements DeadLetterConvention {
    /** The one that is used unless another is set. */
    public static final DefaultDeadLetterConvention INSTANCE = new DefaultDeadLetterConvention();

    @Override
    public String getName() {
        return AnymqObservationDocumentation.DEAD_LETTER.getName();
    }

    @Override
    public String getContextualName(DeadLetterObservationContext context) {
        return "dead_letter " + context.queue().name();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(DeadLetterObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue(context.system()),
                LowCardinality.OPERATION.withValue("dead_letter"),
                LowCardinality.DESTINATION.withValue(context.queue().name()),
                LowCardinality.SOURCE.withValue(context.boundedSource()),
                LowCardinality.REASON.withValue(context.reason().name()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(DeadLetterObservationContext context) {
        return KeyValues.of(
                HighCardinality.MESSAGE_ID.withValue(context.delivery().id()),
                HighCardinality.ATTEMPT.withValue(
                        Integer.toString(context.delivery().attempt())));
    }
}
