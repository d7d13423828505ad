package io.anymq.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The adapter's options, already parsed and validated. Names are relative to {@code anymq.<scheme>.}. Immutable. */
public interface AdapterConfig {
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
