package io.anymq.jackson3;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/**
 * Refuses a number that is too large for {@code double} or {@code float}, which Jackson would read as infinite, and
 * treats an absent primitive as a null one.
 */
final class PrimitiveGuard extends DelegatingDeserializer {
    /** The start of the errors, by which {@link JsonFault} knows them. */
    static final String REFUSAL = "the number is out of the range of";

    private static final long serialVersionUID = 1L;

    PrimitiveGuard(ValueDeserializer<?> guarded) {
        super(guarded);
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> guarded) {
        return new PrimitiveGuard(guarded);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        boolean number = parser.currentToken().isNumeric();
        Object value = super.deserialize(parser, context);
        if (number && value instanceof Number read && Double.isInfinite(read.doubleValue())) {
            context.reportInputMismatch(handledType(), REFUSAL);
        }
        return value;
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
        return getNullValue(context);
    }
}
