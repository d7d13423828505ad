package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {
    @Test
    void anythingThatFitsIsExact() {
        assertThat(Nanos.of(Duration.ZERO)).isZero();
        assertThat(Nanos.of(Duration.ofNanos(1))).isOne();
        assertThat(Nanos.of(Duration.ofDays(36_500))).isEqualTo(36_500L * 24 * 3_600 * 1_000_000_000);
        assertThat(Nanos.of(Duration.ofMillis(-1))).isEqualTo(-1_000_000);
    }

    @Test
    void aClockPlusPracticallyForEverDoesNotOverflow() {
        for (Duration forEver : new Duration[] {Duration.ofDays(365 * 147), Duration.ofSeconds(Long.MAX_VALUE)}) {
            long deadline = System.nanoTime() + Nanos.of(forEver);
            assertThat(deadline - System.nanoTime()).isGreaterThan(Nanos.of(Duration.ofDays(365 * 145)));
        }
    }
}
