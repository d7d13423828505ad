package io.anymq.internal.config;

import io.anymq.spi.ConfigOption;
import java.time.Duration;

/** Turns the text of one option into its value: String, Long, Boolean or Duration. */
final class OptionReader {
    private OptionReader() {}

    /** Throws {@link IllegalArgumentException} whose message continues "key = value …". */
    static Object read(ConfigOption option, String text) {
        return switch (option.type()) {
            case TEXT, PASS_THROUGH -> text;
            case NUMBER -> number(option, text);
            case FLAG -> flag(text);
            case DURATION -> {
                Duration duration = Values.duration(text);
                if (duration.compareTo(Duration.ofMillis(option.minimum())) < 0
                        || duration.compareTo(Duration.ofMillis(option.maximum())) > 0) {
                    throw new IllegalArgumentException(
                            "is outside its bounds: " + option.minimum() + "ms to " + option.maximum() + "ms");
                }
                yield duration;
            }
            case SIZE -> {
                long size = Values.size(text);
                requireBounds(option, size, " bytes");
                yield size;
            }
            case CHOICE -> {
                if (!option.choices().contains(text)) {
                    throw new IllegalArgumentException("is none of " + String.join(", ", option.choices()));
                }
                yield text;
            }
        };
    }

    private static Long number(ConfigOption option, String text) {
        long number;
        try {
            number = Long.parseLong(text.trim().replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a whole number", e);
        }
        requireBounds(option, number, "");
        return number;
    }

    private static void requireBounds(ConfigOption option, long number, String unit) {
        if (number < option.minimum() || number > option.maximum()) {
            throw new IllegalArgumentException("is outside its bounds: " + option.minimum() + " to "
                    + (option.maximum() == Long.MAX_VALUE ? "any" : Long.toString(option.maximum())) + unit);
        }
    }

    private static Boolean flag(String text) {
        return switch (text.trim()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        };
    }
}
