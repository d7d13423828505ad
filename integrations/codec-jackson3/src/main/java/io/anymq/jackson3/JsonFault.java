package io.anymq.jackson3;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Describes the fault of a document and its place without quoting it. Jackson's own messages contain the offending
 * values, and a payload must not get into logs and headers.
 */
final class JsonFault {
    private static final int LONGEST_PATH = 10;

    private JsonFault() {}

    static String describe(JacksonException fault) {
        return path(fault) + position(fault) + ": " + kind(fault);
    }

    private static String kind(JacksonException fault) {
        if (fault instanceof StreamConstraintsException limit) {
            // Speaks of lengths and depths only.
            return limit.getOriginalMessage();
        }
        if (fault instanceof UnexpectedEndOfInputException) {
            return "the document ends early";
        }
        if (fault instanceof InputCoercionException number) {
            return PrimitiveGuard.REFUSAL + " " + number.getTargetType().getName();
        }
        if (fault instanceof StreamReadException) {
            return text(fault).startsWith("Duplicate ")
                    ? "the key occurs twice in one object"
                    : "the document is not well-formed JSON";
        }
        if (fault instanceof StreamWriteException) {
            return "a serializer wrote invalid JSON";
        }
        if (fault instanceof InvalidTypeIdException) {
            return "the type id is not allowed";
        }
        if (fault instanceof InvalidDefinitionException definition && definition.getType() != null) {
            return "Jackson cannot map " + definition.getType().toCanonical();
        }
        if (fault instanceof ValueInstantiationException refused) {
            return "the constructor of " + refused.getType().toCanonical() + " refused the values" + thrown(fault);
        }
        if (fault instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return mismatch(text(fault), mismatch.getTargetType().getTypeName());
        }
        return fault.getCause() instanceof JacksonException inner
                ? kind(inner)
                : "the value was refused" + thrown(fault);
    }

    /** Tells reasons apart by the start of Jackson's text, which is never repeated. */
    private static String mismatch(String text, String type) {
        if (text.startsWith(TimestampGuard.REFUSAL)) {
            return TimestampGuard.REFUSAL + " (" + type
                    + "); send ISO-8601 text or allow EPOCH_SECONDS or EPOCH_MILLIS";
        }
        if (text.startsWith(PrimitiveGuard.REFUSAL)) {
            return PrimitiveGuard.REFUSAL + " " + type;
        }
        if (text.startsWith("Trailing token")) {
            return "more follows after the value";
        }
        if (text.startsWith("Cannot map `null` into type")) {
            return "the value is null or missing, but " + type + " needs one";
        }
        return "the value does not fit " + type;
    }

    private static String text(JacksonException fault) {
        String text = fault.getOriginalMessage();
        return text == null ? "" : text;
    }

    private static String thrown(JacksonException fault) {
        Throwable cause = fault.getCause();
        return cause == null ? "" : " (" + cause.getClass().getName() + ")";
    }

    private static String path(JacksonException fault) {
        if (fault.getPath().isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder(" at $");
        int steps = 0;
        for (JacksonException.Reference step : fault.getPath()) {
            if (++steps > LONGEST_PATH) {
                return out.append("…").toString();
            }
            if (step.getIndex() >= 0) {
                out.append('[').append(step.getIndex()).append(']');
            } else if (step.from() instanceof Map || step.getPropertyName() == null) {
                // The keys of a map are data.
                out.append("[*]");
            } else {
                out.append('.').append(step.getPropertyName());
            }
        }
        return out.toString();
    }

    private static String position(JacksonException fault) {
        TokenStreamLocation location = fault.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
