package io.anymq.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.MessagingException;
import io.anymq.ProducerOptions;
import io.anymq.RedriveOptions;
import io.anymq.policy.DeadLetterPolicy.Then;
import io.anymq.policy.DeadLetterPolicy.WhenRefused;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Common properties of all options: value semantics, builders, and errors that name bound and value. */
class OptionsTest {
    private static final Duration NEGATIVE = Duration.ofMillis(-1);
    private static final IdempotencyStore STORE = new InMemoryIdempotencyStore();
    private static final ParkedKeyStore KEYS = new NoParkedKeys();

    /** Remembers nothing. */
    private static final class NoParkedKeys implements ParkedKeyStore {
        @Override
        public Map<String, String> parked(String source) {
            return Map.of();
        }

        @Override
        public void park(String source, String key, String redrive) {}

        @Override
        public void resume(String source, String key) {}
    }

    private static void refuses(ThrowingCallable build, String message) {
        assertThatIllegalArgumentException().isThrownBy(build).withMessage(message);
    }

    /** {@code make} builds equal values, {@code others} differ from it in one option each. */
    private static void isAValue(Supplier<?> make, Object... others) {
        Object one = make.get();
        assertThat(one).isEqualTo(make.get()).hasSameHashCodeAs(make.get()).hasToString(String.valueOf(make.get()));
        assertThat(one).isNotEqualTo(null).isNotEqualTo("a text");
        Set<Integer> hashCodes = new HashSet<>(Set.of(one.hashCode()));
        for (Object other : others) {
            assertThat(one).isNotEqualTo(other);
            assertThat(one.toString()).isNotEqualTo(other.toString());
            hashCodes.add(other.hashCode());
        }
        assertThat(hashCodes).as("not the same for all").hasSizeGreaterThan(1);
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
                FlowControl.ofMaxPerSecond(0.5),
                FlowControl.builder().maxInFlightBytes(1).build(),
                FlowControl.builder().maxBlocked(0).build(),
                FlowControl.builder().maxBlockedBytes(0).build());
        FlowControl flow = FlowControl.builder()
                .maxInFlight(7)
                .maxInFlightBytes(8)
                .maxBlocked(9)
                .maxBlockedBytes(10)
                .maxPerSecond(0.5)
                .build();
        assertThat(flow.toBuilder().build()).isEqualTo(flow);
        assertThat(flow.maxInFlight()).isEqualTo(7);
        assertThat(flow.maxInFlightBytes()).isEqualTo(8);
        assertThat(flow.maxBlocked()).isEqualTo(9);
        assertThat(flow.maxBlockedBytes()).isEqualTo(10);
        assertThat(flow.maxPerSecond()).isEqualTo(0.5);
        assertThat(FlowControl.DEFAULT.maxInFlightBytes()).isEqualTo(64 * 1024 * 1024);
        assertThat(FlowControl.DEFAULT.maxBlockedBytes()).isEqualTo(64 * 1024 * 1024);
        refuses(
                () -> FlowControl.builder().maxInFlightBytes(0).build(),
                "maxInFlightBytes must be at least 1, but was 0");
        refuses(
                () -> FlowControl.builder().maxBlocked(-1).build(),
                "maxBlocked must be between 0 and 10,000,000, but was -1");
        refuses(
                () -> FlowControl.builder().maxBlockedBytes(-1).build(),
                "maxBlockedBytes must be at least 0, but was -1");
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
        IdempotencyPolicy policy = IdempotencyPolicy.builder(STORE)
                .lease(Duration.ofSeconds(3))
                .retention(Duration.ofHours(2))
                .build();
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(policy.store()).isSameAs(STORE);
        assertThat(policy.lease()).hasSeconds(3);
        assertThat(policy.retention()).hasHours(2);
        assertThat(base.lease()).hasSeconds(60);
        assertThat(base.retention()).hasHours(24);
        assertThat(base.toString()).contains(InMemoryIdempotencyStore.class.getName());
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
        RetryPolicy policy = RetryPolicy.builder()
                .maxAttempts(7)
                .initialDelay(Duration.ofMillis(1))
                .multiplier(3)
                .maxDelay(Duration.ofMinutes(2))
                .jitter(0.5)
                .maxElapsed(Duration.ofHours(3))
                .inPlaceLimit(Duration.ofSeconds(9))
                .retryOn(IllegalStateException.class)
                .permanentOn(IllegalArgumentException.class)
                .build();
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(policy.maxAttempts()).isEqualTo(7);
        assertThat(policy.initialDelay()).hasMillis(1);
        assertThat(policy.multiplier()).isEqualTo(3);
        assertThat(policy.maxDelay()).hasMinutes(2);
        assertThat(policy.jitter()).isEqualTo(0.5);
        assertThat(policy.maxElapsed()).hasHours(3);
        assertThat(policy.inPlaceLimit()).hasSeconds(9);
        assertThat(policy.retryOn()).containsExactly(IllegalStateException.class);
        assertThat(policy.permanentOn()).containsExactly(IllegalArgumentException.class);
        assertThat(policy.toString()).contains("retryOn=[IllegalStateException]");
        assertThat(RetryPolicy.exponential(9))
                .isEqualTo(base.toBuilder().maxAttempts(9).build());
        assertThat(RetryPolicy.never().maxAttempts()).isOne();
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
                DeadLetterPolicy.builder().exceptionDetails(true).build(),
                DeadLetterPolicy.builder().whenRefused(WhenRefused.STOP).build(),
                DeadLetterPolicy.parkKey().toBuilder().parkedKeys(KEYS).build());
        DeadLetterPolicy policy = DeadLetterPolicy.builder()
                .queue("dead")
                .then(Then.PARK_KEY)
                .exceptionDetails(true)
                .whenRefused(WhenRefused.DISCARD)
                .parkedKeys(KEYS)
                .build();
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(policy.queue()).contains("dead");
        assertThat(policy.then()).isEqualTo(Then.PARK_KEY);
        assertThat(policy.isDiscard()).isFalse();
        assertThat(policy.isExceptionDetails()).isTrue();
        assertThat(policy.whenRefused()).isEqualTo(WhenRefused.DISCARD);
        assertThat(policy.parkedKeys()).containsSame(KEYS);
        assertThat(policy.toString()).contains(KEYS.getClass().getName());
        assertThat(DeadLetterPolicy.DEFAULT.queue()).isEmpty();
        assertThat(DeadLetterPolicy.DEFAULT.parkedKeys()).isEmpty();
        assertThat(DeadLetterPolicy.DEFAULT.toString()).doesNotContain("parkedKeys");
        assertThat(DeadLetterPolicy.discard().toBuilder().build().isDiscard()).isTrue();
    }

    @Test
    void aDeadLetterPolicyThatContradictsItselfIsRefused() {
        List<DeadLetterPolicy.Builder> contradictions = List.of(
                DeadLetterPolicy.stop().toBuilder().discard(true),
                DeadLetterPolicy.stop().toBuilder().queue("dead"),
                DeadLetterPolicy.stop().toBuilder().exceptionDetails(true),
                DeadLetterPolicy.stop().toBuilder().whenRefused(WhenRefused.STOP),
                DeadLetterPolicy.discard().toBuilder().whenRefused(WhenRefused.DISCARD),
                DeadLetterPolicy.builder().parkedKeys(KEYS),
                DeadLetterPolicy.discard().toBuilder().queue("dead"),
                DeadLetterPolicy.discard().toBuilder().exceptionDetails(true));
        contradictions.forEach(contradiction -> assertThatIllegalArgumentException()
                .isThrownBy(contradiction::build)
                .withMessageContaining("cannot be combined with"));
        assertThatThrownBy(() -> DeadLetterPolicy.to("no such name!")).isInstanceOf(MessagingException.class);
    }
}
