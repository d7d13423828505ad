package io.anymq.validation;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Walks from a failure to the causes behind it. Exceptions are other people's code: {@code getCause} may fail, too. */
public final class Causes {
    /** Chains of causes may be circular. */
    private static final int LONGEST_CHAIN = 100;

    private Causes() {}

    /** Whether the failure, or a cause behind it, is one of these. */
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
