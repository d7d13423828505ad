package io.anymq.spi;

import io.anymq.API;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The values of an adapter's or a module's options, already parsed and checked. Names are those of the {@link ConfigOption
 * options}, without {@code anymq.<prefix>.}. Immutable and thread-safe.
 *
 * <p>Asking for an option that was not declared, or for a number, flag, duration or size that has neither a value nor a
 * default, throws {@link IllegalArgumentException}; asking for it as another type throws {@link ClassCastException}.
 */
@API(API.Status.EVOLVING)
public interface ConfigValues {
    /** A TEXT or CHOICE option, or its default. */
    Optional<String> text(String name);

    /** A NUMBER option, or its default. */
    long number(String name);

    /** A FLAG option, or its default. */
    boolean flag(String name);

    /** A DURATION option, or its default. */
    Duration duration(String name);

    /** A SIZE option in bytes, or its default. */
    long size(String name);

    /** The settings of a pass-through family, without the prefix. */
    Map<String, String> passThrough(String prefix);
}
