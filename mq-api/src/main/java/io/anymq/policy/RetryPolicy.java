package io.anymq.policy;

import io.anymq.API;
import io.anymq.validation.Bounds;
import io.anymq.validation.Causes;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The number of attempts at a failing message and the delays between them.
 *
 * <p>Defaults: 5 attempts, 200 ms before the second, doubling up to 30 s, up to 20 % more by jitter, no bound on the
 * total time, every exception retried. Immutable and thread-safe; equal when all values are.
 *
 * <p>Where the destination keeps an order, a retry happens in place: its key waits, other keys go on. The messages
 * behind it are held in the consumer's memory ({@link FlowControl#maxBlocked()}); once a lane has used up its part of
 * that, its other keys wait as well, and other lanes go on. On an unordered destination a delay longer than {@link
 * #inPlaceLimit()} sends the message back to the broker with that delay, so it takes up no room meanwhile.
 *
 * <pre>{@code
 * RetryPolicy.exponential(5)
 * RetryPolicy.builder().maxAttempts(10).initialDelay(Duration.ofMillis(50)).permanentOn(BadOrder.class).build()
 * }</pre>
 */
@API(API.Status.STABLE)
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
        this.maxAttempts = Bounds.between("maxAttempts", builder.maxAttempts, 1, 1_000_000);
        this.initialDelay = Bounds.between("initialDelay", builder.initialDelay, Duration.ZERO, Duration.ofDays(1));
        this.multiplier = Bounds.between("multiplier", builder.multiplier, 1, 100);
        this.maxDelay = Bounds.between("maxDelay", builder.maxDelay, initialDelay, Duration.ofDays(7));
        this.jitter = Bounds.between("jitter", builder.jitter, 0, 1);
        this.maxElapsed = Bounds.atLeast("maxElapsed", builder.maxElapsed, Duration.ZERO);
        this.inPlaceLimit = Bounds.atLeast("inPlaceLimit", builder.inPlaceLimit, Duration.ZERO);
        this.retryOn = builder.retryOn;
        this.permanentOn = builder.permanentOn;
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

    /** The factor by which each further delay grows. */
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

    /** The only exceptions that are retried; empty for all. */
    public List<Class<? extends Throwable>> retryOn() {
        return retryOn;
    }

    /** Exceptions that are never retried. */
    public List<Class<? extends Throwable>> permanentOn() {
        return permanentOn;
    }

    /** The wait after attempt number {@code attempt} (1 for the first) failed, with jitter applied. */
    public Duration delayAfter(int attempt, RandomGenerator random) {
        double nanos = initialDelay.toNanos() * Math.pow(multiplier, attempt - 1);
        double bounded = Math.min(nanos, (double) maxDelay.toNanos());
        double spread = jitter == 0 ? 0 : bounded * jitter * random.nextDouble();
        return Duration.ofNanos((long) (bounded + spread));
    }

    /**
     * Whether this failure is worth another attempt: {@code permanentOn} wins over {@code retryOn}. Both look at the
     * failure and at every cause behind it, so that a wrapper such as {@link
     * java.util.concurrent.CompletionException} hides nothing.
     */
    public boolean isRetryable(Throwable failure) {
        if (matches(permanentOn, failure)) {
            return false;
        }
        return retryOn.isEmpty() || matches(retryOn, failure);
    }

    private static boolean matches(List<Class<? extends Throwable>> types, Throwable failure) {
        return !types.isEmpty() && Causes.any(failure, cause -> isOneOf(types, cause));
    }

    private static boolean isOneOf(List<Class<? extends Throwable>> types, Throwable failure) {
        for (Class<? extends Throwable> type : types) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RetryPolicy that
                && maxAttempts == that.maxAttempts
                && initialDelay.equals(that.initialDelay)
                && Double.compare(multiplier, that.multiplier) == 0
                && maxDelay.equals(that.maxDelay)
                && Double.compare(jitter, that.jitter) == 0
                && maxElapsed.equals(that.maxElapsed)
                && inPlaceLimit.equals(that.inPlaceLimit)
                && retryOn.equals(that.retryOn)
                && permanentOn.equals(that.permanentOn);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                maxAttempts,
                initialDelay,
                multiplier,
                maxDelay,
                jitter,
                maxElapsed,
                inPlaceLimit,
                retryOn,
                permanentOn);
    }

    @Override
    public String toString() {
        return "RetryPolicy[maxAttempts=" + maxAttempts + ", initialDelay=" + initialDelay + ", multiplier="
                + multiplier
                + ", maxDelay=" + maxDelay + ", jitter=" + jitter + ", maxElapsed=" + maxElapsed + ", inPlaceLimit="
                + inPlaceLimit + ", retryOn=" + names(retryOn) + ", permanentOn=" + names(permanentOn) + "]";
    }

    private static List<String> names(List<Class<? extends Throwable>> types) {
        return types.stream().map(Class::getSimpleName).toList();
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
            this.initialDelay = Objects.requireNonNull(initialDelay, "initialDelay");
            return this;
        }

        /** 1 to 100; default 2. */
        public Builder multiplier(double multiplier) {
            this.multiplier = multiplier;
            return this;
        }

        /** At least the initial delay, at most 7 days; default 30 s. */
        public Builder maxDelay(Duration maxDelay) {
            this.maxDelay = Objects.requireNonNull(maxDelay, "maxDelay");
            return this;
        }

        /** 0 to 1; default 0.2. */
        public Builder jitter(double jitter) {
            this.jitter = jitter;
            return this;
        }

        /** Zero (the default) for no bound. */
        public Builder maxElapsed(Duration maxElapsed) {
            this.maxElapsed = Objects.requireNonNull(maxElapsed, "maxElapsed");
            return this;
        }

        /** At least 0; default 5 s. */
        public Builder inPlaceLimit(Duration inPlaceLimit) {
            this.inPlaceLimit = Objects.requireNonNull(inPlaceLimit, "inPlaceLimit");
            return this;
        }

        /** Only these (and their subclasses) are retried, also as causes of others; default: all. */
        @SafeVarargs
        @SuppressWarnings("varargs")
        public final Builder retryOn(Class<? extends Throwable>... types) {
            this.retryOn = List.of(types);
            return this;
        }

        /** These (and their subclasses) are dead-lettered at once, also as causes of others; default: none. */
        @SafeVarargs
        @SuppressWarnings("varargs")
        public final Builder permanentOn(Class<? extends Throwable>... types) {
            this.permanentOn = List.of(types);
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public RetryPolicy build() {
            return new RetryPolicy(this);
        }
    }
}
