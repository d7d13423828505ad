package io.anymq.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;

/** Refuses a number that is too large for {@code double} or {@code float}, which Jackson would read as infinite. */
final class InfinityGuard extends DelegatingDeserializer {
    /** The start of the errors, by which {@link JsonFault} knows them. */
    static final String REFUSAL = "the number is out of the range of";

    private static final long serialVersionUID = 1L;

    InfinityGuard(JsonDeserializer<?> guarded) {
        super(guarded);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> guarded) {
        return new InfinityGuard(guarded);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        boolean number = parser.currentToken().isNumeric();
        Object value = super.deserialize(parser, context);
        if (number && value instanceof Number read && Double.isInfinite(read.doubleValue())) {
            context.reportInputMismatch(handledType(), REFUSAL);
        }
        return value;
    }
}
