package io.anymq.jackson3;

import io.anymq.API;

/** What {@link Jackson3Codec} refuses unless {@link Jackson3Codec#allowing} names it. */
@API(API.Status.EVOLVING)
public enum JsonLeniency {
    /** A number with a fraction is read into an integer; the fraction is dropped. */
    FRACTION_AS_INTEGER,

    /** A number is read as the enum constant at that position. */
    NUMBER_AS_ENUM,

    /** {@code null} or an absent constructor parameter is read as 0 or {@code false} where the type is primitive. */
    NULL_AS_PRIMITIVE,

    /**
     * Text is read as a number or a boolean, a number as a boolean or text; empty text counts as {@code null} or zero.
     * Text as a {@link java.math.BigDecimal} or {@link java.math.BigInteger} is always read.
     */
    CONVERTED_SCALARS,

    /** A key may occur twice in one object; the last value counts. */
    DUPLICATE_KEYS,

    /** Untyped decimal numbers become {@link Double}, which keeps 15 to 17 digits. */
    DECIMAL_AS_DOUBLE,

    /** A number is read as a time or duration in seconds, with a fraction down to nanoseconds. */
    EPOCH_SECONDS,

    /** A number is read as a time or duration in milliseconds. */
    EPOCH_MILLIS,

    /** Whatever follows the value is ignored. */
    TRAILING_TOKENS
}
