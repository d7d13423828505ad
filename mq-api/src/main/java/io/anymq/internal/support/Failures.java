package io.anymq.internal.support;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is thrown by code that is not ours: an exception's own methods may fail as well. */
public final class Failures {
    /** Chains of causes may be circular. */
    private static final int LONGEST_CHAIN = 100;

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
            any(failure, cause -> {
                String unused = cause.toString() + cause.getMessage() + cause.getLocalizedMessage();
                return false;
            });
            return failure;
        } catch (Throwable e) {
            return new IllegalStateException(text(failure));
        }
    }

    /** Whether it, or a cause behind it, is one of these. */
    public static boolean any(Throwable failure, Predicate<Throwable> wanted) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < LONGEST_CHAIN; i++) {
            if (wanted.test(cause)) {
                return true;
            }
            cause = next(cause);
        }
        return false;
    }

    private static @Nullable Throwable next(Throwable failure) {
        try {
            return failure.getCause();
        } catch (Throwable e) {
            return null;
        }
    }
}
