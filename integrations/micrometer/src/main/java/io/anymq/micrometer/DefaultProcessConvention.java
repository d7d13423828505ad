package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Delivery;
import io.anymq.micrometer.AnymqObservationDocumentation.HighCardinality;
import io.anymq.micrometer.AnymqObservationDocumentation.LowCardinality;
import io.micrometer.common.KeyValues;

/** The names of {@link AnymqObservationDocumentation#PROCESS}; extend it to add key values. Immutable and thread-safe. */
@API(API.Status.EVOLVING)
public class DefaultProcessConvention implements ProcessConvention {
    /** The one that is used unless another is set. */
    public static final DefaultProcessConvention INSTANCE = new DefaultProcessConvention();

    @Override
    public String getName() {
        return AnymqObservationDocumentation.PROCESS.getName();
    }

    @Override
    public String getContextualName(ProcessObservationContext context) {
        return "process " + context.source().path();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ProcessObservationContext context) {
        return KeyValues.of(
                LowCardinality.SYSTEM.withValue(context.system()),
                LowCardinality.OPERATION.withValue("process"),
                LowCardinality.SOURCE.withValue(context.boundedSource()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ProcessObservationContext context) {
        if (context.deliveries().size() > 1) {
            return KeyValues.of(HighCardinality.BATCH_COUNT.withValue(
                    Integer.toString(context.deliveries().size())));
        }
        Delivery<?> delivery = context.deliveries().get(0);
        KeyValues values = KeyValues.of(
                HighCardinality.MESSAGE_ID.withValue(delivery.id()),
                HighCardinality.ATTEMPT.withValue(Integer.toString(delivery.attempt())));
        if (context.isBatch()) {
            values = values.and(HighCardinality.BATCH_COUNT.withValue("1"));
        }
        return delivery.redrives() == 0
                ? values
                : values.and(HighCardinality.REDRIVES.withValue(Integer.toString(delivery.redrives())));
    }
}
