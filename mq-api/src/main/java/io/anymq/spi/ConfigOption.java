package io.anymq.spi;

import io.anymq.API;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One configuration key of an adapter or a module, relative to {@code anymq.<prefix>.}; or, with {@link
 * Type#PASS_THROUGH}, a whole family of the vendor's own settings that are handed on as they are.
 *
 * @param name such as {@code partitions}, or the prefix {@code producer.} of a pass-through family
 * @param type how the value is read
 * @param defaultValue as it would be written, or null for none
 * @param description one line for people: meaning, unit, bounds
 * @param choices the legal values of a CHOICE; for PASS_THROUGH the vendor's known names, used to find misspellings
 *     (empty when the vendor has no list)
 * @param minimum smallest legal number, milliseconds or bytes
 * @param maximum largest legal number, milliseconds or bytes
 * @param secret whether the value must never be printed
 */
@API(API.Status.EVOLVING)
public record ConfigOption(
        String name,
        Type type,
        @Nullable String defaultValue,
        String description,
        List<String> choices,
        long minimum,
        long maximum,
        boolean secret) {
    /** The type of a value. */
    public enum Type {
        /** Any text. */
        TEXT,
        /** A whole number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        FLAG,
        /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d} or ISO-8601 such as {@code PT30S}. */
        DURATION,
        /** {@code 512}, {@code 64KiB}, {@code 16MiB}, {@code 2GiB}. */
        SIZE,
        /** One of {@link ConfigOption#choices()}. */
        CHOICE,
        /** A family of the vendor's own settings, by prefix. */
        PASS_THROUGH
    }

    /** Copies the list. */
    public ConfigOption {
        choices = List.copyOf(choices);
    }

    /** Any text. */
    public static ConfigOption text(String name, @Nullable String defaultValue, String description) {
        return new ConfigOption(
                name, Type.TEXT, defaultValue, description, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, false);
    }

    /** Text that is never printed. */
    public static ConfigOption secret(String name, String description) {
        return new ConfigOption(name, Type.TEXT, null, description, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, true);
    }

    /** A whole number within bounds. */
    public static ConfigOption number(String name, long defaultValue, long minimum, long maximum, String description) {
        return new ConfigOption(
                name, Type.NUMBER, Long.toString(defaultValue), description, List.of(), minimum, maximum, false);
    }

    /** {@code true} or {@code false}. */
    public static ConfigOption flag(String name, boolean defaultValue, String description) {
        return new ConfigOption(name, Type.FLAG, Boolean.toString(defaultValue), description, List.of(), 0, 0, false);
    }

    /** A duration within bounds, in milliseconds. */
    public static ConfigOption duration(
            String name, String defaultValue, long minimumMillis, long maximumMillis, String description) {
        return new ConfigOption(
                name, Type.DURATION, defaultValue, description, List.of(), minimumMillis, maximumMillis, false);
    }

    /** A size within bounds, in bytes. */
    public static ConfigOption size(
            String name, String defaultValue, long minimumBytes, long maximumBytes, String description) {
        return new ConfigOption(
                name, Type.SIZE, defaultValue, description, List.of(), minimumBytes, maximumBytes, false);
    }

    /** One of several words. */
    public static ConfigOption choice(String name, String defaultValue, List<String> choices, String description) {
        return new ConfigOption(name, Type.CHOICE, defaultValue, description, choices, 0, 0, false);
    }

    /** A family of vendor settings that begin with {@code prefix} (which ends in a dot). */
    public static ConfigOption passThrough(String prefix, List<String> knownNames, String description) {
        return new ConfigOption(prefix, Type.PASS_THROUGH, null, description, knownNames, 0, 0, false);
    }
}
