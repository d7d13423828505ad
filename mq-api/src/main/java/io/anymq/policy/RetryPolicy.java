package io.anymq.policy;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How often and how soon a failed message is tried again.
 *
 * <p>Defaults: 5 attempts, 200 ms before the second, doubling up to 30 s, up to 20 % more by jitter, no bound on the total time, every
 * exception retried. Immutable.
 *
 * <p>Where the destination keeps an order, a retry happens in place: its key waits, other keys go on. On an unordered
 * destination a delay longer than {@link #inPlaceLimit()} sends the message back to the broker with that delay, so it
 * takes up no room meanwhile.
 *
 * <pre>{@code
 * RetryPolicy.exponential(5)
 * RetryPolicy.builder().maxAttempts(10).initialDelay(Duration.ofMillis(50)).permanentOn(BadOrder.class).build()
 * }</pre>
 */
public final class RetryPolicy {
    /** 5 attempts with the default delays. */
    public static final RetryPolicy DEFAULT = builder().build();

    private final int maxAttempts;
    private final Duration initialDelay;
    private final double multiplier;
    private final Duration maxDelay;
    private final double jitter;
    private final Duration maxElapsed;
    private final Duration inPlaceLimit;
    private final List<Class<? extends Throwable>> retryOn;
    private final List<Class<? extends Throwable>> permanentOn;

    private RetryPolicy(Builder builder) {
        this.maxAttempts = builder.maxAttempts;
        this.initialDelay = builder.initialDelay;
        this.multiplier = builder.multiplier;
        this.maxDelay = builder.maxDelay;
        this.jitter = builder.jitter;
        this.maxElapsed = builder.maxElapsed;
        this.inPlaceLimit = builder.inPlaceLimit;
        this.retryOn = List.copyOf(builder.retryOn);
        this.permanentOn = List.copyOf(builder.permanentOn);
    }

    /** One attempt only. */
    public static RetryPolicy never() {
        return builder().maxAttempts(1).build();
    }

    /** So many attempts (at least 1) with the default exponential delays. */
    public static RetryPolicy exponential(int maxAttempts) {
        return builder().maxAttempts(maxAttempts).build();
    }

    /** So many attempts (at least 1) with the same delay between them and no jitter. */
    public static RetryPolicy fixed(int maxAttempts, Duration delay) {
        return builder()
                .maxAttempts(maxAttempts)
                .initialDelay(delay)
                .maxDelay(delay)
                .multiplier(1)
                .jitter(0)
                .build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this policy. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.maxAttempts = maxAttempts;
        copy.initialDelay = initialDelay;
        copy.multiplier = multiplier;
        copy.maxDelay = maxDelay;
        copy.jitter = jitter;
        copy.maxElapsed = maxElapsed;
        copy.inPlaceLimit = inPlaceLimit;
        copy.retryOn = retryOn;
        copy.permanentOn = permanentOn;
        return copy;
    }

    /** Attempts in all, the first included. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** The wait before the second attempt, before jitter. */
    public Duration initialDelay() {
        return initialDelay;
    }

    /** What each further wait is multiplied by. */
    public double multiplier() {
        return multiplier;
    }

    /** The longest wait, before jitter. */
    public Duration maxDelay() {
        return maxDelay;
    }

    /** The share by which a wait may be longer, 0 to 1. A wait is never shorter than configured. */
    public double jitter() {
        return jitter;
    }

    /** No attempt starts later than this after the first one of this process; zero means no bound. */
    public Duration maxElapsed() {
        return maxElapsed;
    }

    /** On an unordered destination, longer waits are spent at the broker. */
    public Duration inPlaceLimit() {
        return inPlaceLimit;
    }

    /** The wait after attempt number {@code attempt} (1 for the first) failed, with jitter applied. */
    public Duration delayAfter(int attempt, RandomGenerator random) {
        double nanos = initialDelay.toNanos() * Math.pow(multiplier, attempt - 1);
        double bounded = Math.min(nanos, (double) maxDelay.toNanos());
        double spread = jitter == 0 ? 0 : bounded * jitter * random.nextDouble();
        return Duration.ofNanos((long) (bounded + spread));
    }

    /** Whether this failure is worth another attempt: {@code permanentOn} wins over {@code retryOn}. */
    public boolean isRetryable(Throwable failure) {
        if (matches(permanentOn, failure)) {
            return false;
        }
        return retryOn.isEmpty() || matches(retryOn, failure);
    }

    private static boolean matches(List<Class<? extends Throwable>> types, Throwable failure) {
        for (Class<? extends Throwable> type : types) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return maxAttempts + " attempts, " + initialDelay + " x " + multiplier + " up to " + maxDelay + ", jitter "
                + jitter;
    }

    /** Builds a {@link RetryPolicy}. Not thread-safe. */
    public static final class Builder {
        private int maxAttempts = 5;
        private Duration initialDelay = Duration.ofMillis(200);
        private double multiplier = 2;
        private Duration maxDelay = Duration.ofSeconds(30);
        private double jitter = 0.2;
        private Duration maxElapsed = Duration.ZERO;
        private Duration inPlaceLimit = Duration.ofSeconds(5);
        private List<Class<? extends Throwable>> retryOn = List.of();
        private List<Class<? extends Throwable>> permanentOn = List.of();

        private Builder() {}

        /** 1 to 1,000,000; default 5. */
        public Builder maxAttempts(int maxAttempts) {
            this.maxAttempts = maxAttempts;
            return this;
        }

        /** 0 to 1 day; default 200 ms. */
        public Builder initialDelay(Duration initialDelay) {
            this.initialDelay = initialDelay;
            return this;
        }

        /** 1 to 100; default 2. */
        public Builder multiplier(double multiplier) {
            this.multiplier = multiplier;
            return this;
        }

        /** At least the initial delay, at most 7 days; default 30 s. */
        public Builder maxDelay(Duration maxDelay) {
            this.maxDelay = maxDelay;
            return this;
        }

        /** 0 to 1; default 0.2. */
        public Builder jitter(double jitter) {
            this.jitter = jitter;
            return this;
        }

        /** Zero (the default) for no bound. */
        public Builder maxElapsed(Duration maxElapsed) {
            this.maxElapsed = maxElapsed;
            return this;
        }

        /** At least 0; default 5 s. */
        public Builder inPlaceLimit(Duration inPlaceLimit) {
            this.inPlaceLimit = inPlaceLimit;
            return this;
        }

        /** Only these (and their subclasses) are retried; default: all. */
        @SafeVarargs
        @SuppressWarnings("varargs")
        public final Builder retryOn(Class<? extends Throwable>... types) {
            this.retryOn = List.of(types);
            return this;
        }

        /** These (and their subclasses) are dead-lettered at once; default: none. */
        @SafeVarargs
        @SuppressWarnings("varargs")
        public final Builder permanentOn(Class<? extends Throwable>... types) {
            this.permanentOn = List.of(types);
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the value out of bounds. */
        public RetryPolicy build() {
            require(maxAttempts >= 1 && maxAttempts <= 1_000_000, "maxAttempts is 1 to 1,000,000, not " + maxAttempts);
            require(
                    !initialDelay.isNegative() && initialDelay.compareTo(Duration.ofDays(1)) <= 0,
                    "initialDelay is 0 to 1 day, not " + initialDelay);
            require(multiplier >= 1 && multiplier <= 100, "multiplier is 1 to 100, not " + multiplier);
            require(
                    maxDelay.compareTo(initialDelay) >= 0 && maxDelay.compareTo(Duration.ofDays(7)) <= 0,
                    "maxDelay is at least initialDelay and at most 7 days, not " + maxDelay);
            require(jitter >= 0 && jitter <= 1, "jitter is 0 to 1, not " + jitter);
            require(!maxElapsed.isNegative(), "maxElapsed is at least 0, not " + maxElapsed);
            require(!inPlaceLimit.isNegative(), "inPlaceLimit is at least 0, not " + inPlaceLimit);
            return new RetryPolicy(this);
        }

        private static void require(boolean legal, String problem) {
            if (!legal) {
                throw new IllegalArgumentException(problem);
            }
        }
    }
}
