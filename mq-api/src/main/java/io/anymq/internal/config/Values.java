package io.anymq.internal.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations and sizes with units. Every failure says what would be legal. */
final class Values {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([a-zA-Z]*)");

    private Values() {}

    static Duration duration(String text) {
        String trimmed = text.trim();
        if (trimmed.toUpperCase(Locale.ROOT).startsWith("P")) {
            try {
                return Duration.parse(trimmed);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("is not a duration; write 500ms, 30s, 5m, 2h, 1d or PT30S", e);
            }
        }
        Matcher amount = AMOUNT.matcher(trimmed);
        if (!amount.matches()) {
            throw new IllegalArgumentException("is not a duration; write 500ms, 30s, 5m, 2h, 1d or PT30S");
        }
        long number = Long.parseLong(amount.group(1));
        try {
            return switch (amount.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                case "" -> throw new IllegalArgumentException("has no unit; add ms, s, m, h or d to the number");
                default ->
                    throw new IllegalArgumentException(
                            "has an unknown unit '" + amount.group(2) + "'; use ms, s, m, h or d");
            };
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too long", e);
        }
    }

    static long size(String text) {
        Matcher amount = AMOUNT.matcher(text.trim());
        if (!amount.matches()) {
            throw new IllegalArgumentException("is not a size; write 512, 64KiB, 16MiB or 2GiB");
        }
        long number = Long.parseLong(amount.group(1));
        long unit =
                switch (amount.group(2)) {
                    case "", "B" -> 1;
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default ->
                        throw new IllegalArgumentException("has an unknown unit '" + amount.group(2)
                                + "'; use KiB, MiB, GiB or no unit for bytes");
                };
        try {
            return Math.multiplyExact(number, unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large", e);
        }
    }
}
