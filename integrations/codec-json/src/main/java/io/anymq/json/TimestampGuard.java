package io.anymq.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a number, also one in quotes, as a time or duration: seconds or milliseconds is a guess, and the wrong one
 * yields the year 55840. A property whose {@code @JsonFormat} has a numeric shape says what it means.
 */
final class TimestampGuard extends DelegatingDeserializer {
    /** The start of the errors, by which {@link JsonFault} knows them. */
    static final String REFUSAL = "a number is ambiguous as a time";

    static final Set<Class<?>> GUARDED = Set.of(
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            LocalDate.class,
            Duration.class,
            Date.class,
            Calendar.class);

    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?[0-9.]+\\s*");

    private static final long serialVersionUID = 1L;

    TimestampGuard(JsonDeserializer<?> guarded) {
        super(guarded);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> guarded) {
        return new TimestampGuard(guarded);
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        JsonDeserializer<?> guarded = super.createContextual(context, property);
        JsonFormat.Value format =
                property == null ? null : property.findPropertyFormat(context.getConfig(), handledType());
        return format != null && format.getShape().isNumeric() ? guarded.getDelegatee() : guarded;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken().isNumeric()
                || (parser.currentToken().isScalarValue() && isNumber(parser.getText()))) {
            context.reportInputMismatch(handledType(), REFUSAL);
        }
        return super.deserialize(parser, context);
    }

    private static boolean isNumber(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches();
    }
}
