package io.anymq.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void delaysDoubleUpToTheBound() {
        RetryPolicy policy = RetryPolicy.builder().jitter(0).build();
        assertThat(policy.delayAfter(1, random)).isEqualTo(Duration.ofMillis(200));
        assertThat(policy.delayAfter(2, random)).isEqualTo(Duration.ofMillis(400));
        assertThat(policy.delayAfter(8, random)).isEqualTo(Duration.ofMillis(25_600));
        assertThat(policy.delayAfter(9, random)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.delayAfter(1_000_000, random)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void jitterOnlyAdds() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom seeded = new SplittableRandom(seed);
        RetryPolicy policy = RetryPolicy.builder().jitter(0.2).build();
        boolean spread = false;
        for (int i = 0; i < 10_000; i++) {
            Duration delay = policy.delayAfter(1, seeded);
            assertThat(delay).as("seed %d", seed).isBetween(Duration.ofMillis(200), Duration.ofMillis(240));
            spread |= delay.toMillis() > 230;
        }
        assertThat(spread).as("seed %d", seed).isTrue();
    }

    @Test
    void noDelayStaysNoDelay() {
        RetryPolicy policy = RetryPolicy.builder()
                .initialDelay(Duration.ZERO)
                .multiplier(100)
                .maxAttempts(1_000_000)
                .build();
        assertThat(policy.delayAfter(999_999, random)).isZero();
        assertThat(RetryPolicy.fixed(3, Duration.ofMillis(7)).delayAfter(2, random))
                .hasMillis(7);
    }

    @Test
    void permanentWinsOverRetryable() {
        RetryPolicy policy = RetryPolicy.builder()
                .retryOn(RuntimeException.class)
                .permanentOn(UncheckedIOException.class)
                .build();
        assertThat(policy.isRetryable(new IllegalStateException())).isTrue();
        assertThat(policy.isRetryable(new UncheckedIOException(new IOException())))
                .isFalse();
        assertThat(policy.isRetryable(new IOException())).isFalse();
        assertThat(RetryPolicy.DEFAULT.isRetryable(new AssertionError())).isTrue();
    }

    @Test
    void wrappersHideNothing() {
        RetryPolicy permanent =
                RetryPolicy.builder().permanentOn(UncheckedIOException.class).build();
        RetryPolicy retried =
                RetryPolicy.builder().retryOn(UncheckedIOException.class).build();
        Throwable inner = new UncheckedIOException(new IOException());
        List<Throwable> wrapped = List.of(
                new CompletionException(inner),
                new ExecutionException(inner),
                new InvocationTargetException(inner),
                new UndeclaredThrowableException(inner),
                new IllegalStateException("a framework's own", new CompletionException(inner)));
        for (Throwable wrapper : wrapped) {
            assertThat(permanent.isRetryable(wrapper)).as("%s", wrapper).isFalse();
            assertThat(retried.isRetryable(wrapper)).as("%s", wrapper).isTrue();
        }
        assertThat(permanent.isRetryable(new CompletionException(new IOException())))
                .isTrue();
        assertThat(retried.isRetryable(new CompletionException(new IOException())))
                .isFalse();
    }

    @Test
    void causesThatFormACircleEnd() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException other = new IllegalStateException("other", one);
        one.initCause(other);
        assertThat(RetryPolicy.builder()
                        .permanentOn(UncheckedIOException.class)
                        .build()
                        .isRetryable(one))
                .isTrue();
    }

    @Test
    void valuesOutOfBoundsAreRefused() {
        List<UnaryOperator<RetryPolicy.Builder>> wrong = List.of(
                b -> b.maxAttempts(0),
                b -> b.maxAttempts(1_000_001),
                b -> b.initialDelay(Duration.ofNanos(-1)),
                b -> b.initialDelay(Duration.ofDays(1).plusNanos(1)),
                b -> b.multiplier(0.99),
                b -> b.multiplier(100.1),
                b -> b.multiplier(Double.NaN),
                b -> b.maxDelay(Duration.ofMillis(199)),
                b -> b.maxDelay(Duration.ofDays(8)),
                b -> b.jitter(-0.1),
                b -> b.jitter(1.1),
                b -> b.jitter(Double.NaN),
                b -> b.maxElapsed(Duration.ofMillis(-1)),
                b -> b.inPlaceLimit(Duration.ofMillis(-1)));
        wrong.forEach(change -> assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(RetryPolicy.builder()).build()));
        assertThat(RetryPolicy.DEFAULT.toBuilder().build()).isEqualTo(RetryPolicy.DEFAULT);
    }
}
