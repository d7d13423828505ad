package io.anymq.jdbc;

import java.time.Duration;
import java.util.Locale;

/** Checks options when they are given. Every error names the option, its bound and the value. */
final class Bounds {
    private Bounds() {}

    static Duration between(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " must be between " + least + " and " + most + ", but was " + value);
        }
        return value;
    }

    static int between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%s must be between %,d and %,d, but was %,d", name, least, most, value));
        }
        return value;
    }
}
