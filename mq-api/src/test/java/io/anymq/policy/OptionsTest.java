package io.anymq.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.MessagingException;
import io.anymq.ProducerOptions;
import io.anymq.RedriveOptions;
import io.anymq.policy.DeadLetterPolicy.Then;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Common properties of all options: value semantics, builders, and errors that name bound and value. */
class OptionsTest {
    private static final Duration NEGATIVE = Duration.ofMillis(-1);
    private static final IdempotencyStore STORE = new InMemoryIdempotencyStore();

    private static void refuses(ThrowingCallable build, String message) {
        assertThatIllegalArgumentException().isThrownBy(build).withMessage(message);
    }

    /** {@code make} builds equal values, {@code others} differ from it in one option each. */
    private static void isAValue(Supplier<?> make, Object... others) {
        Object one = make.get();
        assertThat(one).isEqualTo(make.get()).hasSameHashCodeAs(make.get()).hasToString(String.valueOf(make.get()));
        for (Object other : others) {
            assertThat(one).isNotEqualTo(other);
            assertThat(one.toString()).isNotEqualTo(other.toString());
        }
    }

    @Test
    void producerOptions() {
        ProducerOptions base = ProducerOptions.DEFAULT;
        isAValue(
                () -> base.toBuilder().build(),
                base.toBuilder().maxInFlight(1).build(),
                base.toBuilder().maxBlock(Duration.ZERO).build(),
                base.toBuilder().sendTimeout(Duration.ofSeconds(1)).build(),
                base.toBuilder().maxBodyBytes(0).build());
        refuses(
                () -> ProducerOptions.builder().maxInFlight(0).build(),
                "maxInFlight must be between 1 and 1,000,000, but was 0");
        refuses(
                () -> ProducerOptions.builder().maxInFlight(1_000_001).build(),
                "maxInFlight must be between 1 and 1,000,000, but was 1,000,001");
        refuses(
                () -> ProducerOptions.builder().maxBlock(NEGATIVE).build(),
                "maxBlock must be at least 0, but was -1 ms");
        refuses(
                () -> ProducerOptions.builder()
                        .sendTimeout(Duration.ofMillis(99))
                        .build(),
                "sendTimeout must be at least 100 ms, but was 99 ms");
        refuses(
                () -> ProducerOptions.builder().maxBodyBytes(-1).build(),
                "maxBodyBytes must be at least 0, but was -1");
    }

    @Test
    void redriveOptions() {
        RedriveOptions base = RedriveOptions.DEFAULT;
        isAValue(
                () -> base.toBuilder().build(),
                base.toBuilder().maxMessages(1).build(),
                base.toBuilder().maxRedrives(1).build(),
                base.toBuilder().idle(Duration.ofSeconds(1)).build());
        refuses(() -> RedriveOptions.builder().maxMessages(0).build(), "maxMessages must be at least 1, but was 0");
        refuses(() -> RedriveOptions.builder().maxRedrives(0).build(), "maxRedrives must be at least 1, but was 0");
        refuses(() -> RedriveOptions.builder().idle(Duration.ZERO).build(), "idle must be more than 0, but was 0");
    }

    @Test
    void flowControl() {
        isAValue(
                () -> FlowControl.DEFAULT.toBuilder().build(),
                FlowControl.ofMaxInFlight(1),
                FlowControl.ofMaxPerSecond(0.5));
        assertThat(FlowControl.builder().maxInFlight(7).maxPerSecond(0.5).build().toBuilder()
                        .build())
                .satisfies(flow -> assertThat(flow.maxInFlight()).isEqualTo(7))
                .satisfies(flow -> assertThat(flow.maxPerSecond()).isEqualTo(0.5));
        refuses(() -> FlowControl.ofMaxInFlight(0), "maxInFlight must be between 1 and 1,000,000, but was 0");
        for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FlowControl.ofMaxPerSecond(rate))
                    .withMessageStartingWith("maxPerSecond must be a finite number of at least 0, but was ");
        }
    }

    @Test
    void idempotencyPolicy() {
        IdempotencyPolicy base = IdempotencyPolicy.with(STORE);
        isAValue(
                () -> base.toBuilder().build(),
                base.toBuilder().lease(Duration.ofMillis(100)).build(),
                base.toBuilder().retention(Duration.ofSeconds(1)).build());
        assertThat(base).isNotEqualTo(IdempotencyPolicy.with(new InMemoryIdempotencyStore()));
        refuses(
                () -> base.toBuilder().lease(Duration.ofMillis(99)).build(),
                "lease must be between 100 ms and 1 day, but was 99 ms");
        refuses(
                () -> base.toBuilder().lease(Duration.ofDays(2)).build(),
                "lease must be between 100 ms and 1 day, but was 2 days");
        refuses(
                () -> base.toBuilder().retention(Duration.ofMillis(999)).build(),
                "retention must be at least 1 s, but was 999 ms");
    }

    @Test
    void retryPolicy() {
        RetryPolicy base = RetryPolicy.DEFAULT;
        isAValue(
                () -> base.toBuilder().build(),
                RetryPolicy.never(),
                base.toBuilder().initialDelay(Duration.ZERO).build(),
                base.toBuilder().multiplier(1).build(),
                base.toBuilder().maxDelay(Duration.ofDays(7)).build(),
                base.toBuilder().jitter(0).build(),
                base.toBuilder().maxElapsed(Duration.ofHours(3)).build(),
                base.toBuilder().inPlaceLimit(Duration.ZERO).build(),
                base.toBuilder().retryOn(IllegalStateException.class).build(),
                base.toBuilder().permanentOn(IllegalStateException.class).build());
        refuses(() -> RetryPolicy.exponential(0), "maxAttempts must be between 1 and 1,000,000, but was 0");
        refuses(
                () -> RetryPolicy.builder().maxDelay(Duration.ofMillis(199)).build(),
                "maxDelay must be between 200 ms and 7 days, but was 199 ms");
        refuses(
                () -> RetryPolicy.builder().multiplier(0.99).build(),
                "multiplier must be between 1 and 100, but was 0.99");
    }

    @Test
    void deadLetterPolicy() {
        isAValue(
                () -> DeadLetterPolicy.DEFAULT.toBuilder().build(),
                DeadLetterPolicy.to("dead"),
                DeadLetterPolicy.parkKey(),
                DeadLetterPolicy.stop(),
                DeadLetterPolicy.discard(),
                DeadLetterPolicy.builder().exceptionDetails(true).build());
        assertThat(DeadLetterPolicy.to("dead").toBuilder()
                        .then(Then.PARK_KEY)
                        .build()
                        .queue())
                .contains("dead");
    }

    @Test
    void aDeadLetterPolicyThatContradictsItselfIsRefused() {
        List<DeadLetterPolicy.Builder> contradictions = List.of(
                DeadLetterPolicy.stop().toBuilder().discard(true),
                DeadLetterPolicy.stop().toBuilder().queue("dead"),
                DeadLetterPolicy.stop().toBuilder().exceptionDetails(true),
                DeadLetterPolicy.discard().toBuilder().queue("dead"),
                DeadLetterPolicy.discard().toBuilder().exceptionDetails(true));
        contradictions.forEach(contradiction -> assertThatIllegalArgumentException()
                .isThrownBy(contradiction::build)
                .withMessageContaining("cannot be combined with"));
        assertThatThrownBy(() -> DeadLetterPolicy.to("no such name!")).isInstanceOf(MessagingException.class);
    }
}
