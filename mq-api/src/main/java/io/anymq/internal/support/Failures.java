package io.anymq.internal.support;

import io.anymq.validation.Causes;

/** What is thrown by code that is not ours: an exception's own methods may fail as well. */
public final class Failures {
    private Failures() {}

    /** Its {@code toString}, or else the name of its class. */
    public static String text(Throwable failure) {
        try {
            return String.valueOf(failure.toString());
        } catch (Throwable e) {
            return failure.getClass().getName() + " (its description failed: "
                    + e.getClass().getName() + ")";
        }
    }

    /** The failure, for a log that prints its stack trace; or one that stands for it if it cannot be printed. */
    public static Throwable printable(Throwable failure) {
        try {
            Causes.any(failure, cause -> {
                String unused = cause.toString() + cause.getMessage() + cause.getLocalizedMessage();
                return false;
            });
            return failure;
        } catch (Throwable e) {
            return new IllegalStateException(text(failure));
        }
    }
}
