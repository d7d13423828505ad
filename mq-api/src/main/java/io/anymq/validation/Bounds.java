package io.anymq.validation;

import java.time.Duration;
import java.util.Locale;

/** Checks options when they are built. Every error names the option, its bound and the value. */
public final class Bounds {
    private Bounds() {}

    public static int between(String name, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw wrong(name, "between " + text(minimum) + " and " + text(maximum), text(value));
        }
        return value;
    }

    public static int atLeast(String name, int value, int minimum) {
        if (value < minimum) {
            throw wrong(name, "at least " + text(minimum), text(value));
        }
        return value;
    }

    public static long atLeast(String name, long value, long minimum) {
        if (value < minimum) {
            throw wrong(name, "at least " + text(minimum), text(value));
        }
        return value;
    }

    /** NaN is outside all bounds. */
    public static double between(String name, double value, double minimum, double maximum) {
        if (!(value >= minimum && value <= maximum)) {
            throw wrong(name, "between " + text(minimum) + " and " + text(maximum), text(value));
        }
        return value;
    }

    public static double finiteAtLeast(String name, double value, double minimum) {
        if (!(value >= minimum) || Double.isInfinite(value)) {
            throw wrong(name, "a finite number of at least " + text(minimum), text(value));
        }
        return value;
    }

    public static Duration between(String name, Duration value, Duration minimum, Duration maximum) {
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            throw wrong(name, "between " + text(minimum) + " and " + text(maximum), text(value));
        }
        return value;
    }

    public static Duration atLeast(String name, Duration value, Duration minimum) {
        if (value.compareTo(minimum) < 0) {
            throw wrong(name, "at least " + text(minimum), text(value));
        }
        return value;
    }

    public static Duration positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw wrong(name, "more than 0", text(value));
        }
        return value;
    }

    private static IllegalArgumentException wrong(String name, String bounds, String value) {
        return new IllegalArgumentException(name + " must be " + bounds + ", but was " + value);
    }

    private static String text(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9 ? text((long) value) : Double.toString(value);
    }

    /** In the largest unit that needs no fraction, such as {@code 100 ms} or {@code 7 days}. */
    public static String text(Duration value) {
        if (value.isZero()) {
            return "0";
        }
        if (value.getNano() % 1_000_000 != 0 || value.abs().compareTo(Duration.ofDays(100_000)) > 0) {
            return value.toString();
        }
        if (value.getNano() != 0) {
            return value.toMillis() + " ms";
        }
        long seconds = value.getSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + (seconds == 86_400 ? " day" : " days");
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
