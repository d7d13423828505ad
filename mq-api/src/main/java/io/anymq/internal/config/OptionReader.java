package io.anymq.internal.config;

import io.anymq.spi.ConfigOption;
import io.anymq.validation.Bounds;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
                    throw new IllegalArgumentException(mustBe(
                            Bounds.text(Duration.ofMillis(option.minimum())),
                            Bounds.text(Duration.ofMillis(option.maximum()))));
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
                    throw new IllegalArgumentException("must be one of " + String.join(", ", option.choices()));
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
            throw new IllegalArgumentException("must be a whole number", e);
        }
        requireBounds(option, number, "");
        return number;
    }

    private static void requireBounds(ConfigOption option, long number, String unit) {
        if (number < option.minimum() || number > option.maximum()) {
            throw new IllegalArgumentException(mustBe(
                    Long.toString(option.minimum()),
                    option.maximum() == Long.MAX_VALUE ? null : option.maximum() + unit));
        }
    }

    /** Continues "key = value …"; {@code maximum} is null where there is none. */
    static String mustBe(String minimum, @Nullable String maximum) {
        return maximum == null ? "must be at least " + minimum : "must be between " + minimum + " and " + maximum;
    }

    private static Boolean flag(String text) {
        return switch (text.trim()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }
}
