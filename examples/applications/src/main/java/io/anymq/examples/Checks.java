package io.anymq.examples;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Checks the claims of an example: a false claim ends the program with exit status 1. */
public final class Checks {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration PACE = Duration.ofMillis(5);

    private Checks() {}

    /** Prints a claim that is true; throws {@link IllegalStateException} if it is not. */
    public static void isTrue(String claim, boolean fact) {
        if (!fact) {
            throw new IllegalStateException("not true: " + claim);
        }
        System.out.println("   checked: " + claim);
    }

    /** Like {@link #isTrue}, giving the claim up to a minute to come true. */
    public static void eventually(String claim, BooleanSupplier fact) {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!fact.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PACE.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for: " + claim);
            }
        }
        isTrue(claim, fact.getAsBoolean());
    }
}
