package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CadenceTest {
    @Test
    void nothingIsDueBeforeItIsRequested() {
        Cadence cadence = new Cadence(Duration.ZERO);
        assertThat(cadence.isDue()).isFalse();
        assertThat(cadence.nanosUntilDue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theFirstIsDueAtOnceAndTheNextAfterTheInterval() {
        Cadence cadence = new Cadence(Duration.ofHours(1));
        cadence.request();
        assertThat(cadence.isDue()).isTrue();
        assertThat(cadence.nanosUntilDue()).isZero();

        cadence.restart();
        assertThat(cadence.isDue()).isFalse();
        cadence.request();
        assertThat(cadence.isDue()).isFalse();
        assertThat(cadence.nanosUntilDue())
                .isPositive()
                .isLessThanOrEqualTo(Duration.ofHours(1).toNanos());
    }

    @Test
    void itIsDueAgainWhenTheIntervalIsOver() {
        Cadence cadence = new Cadence(Duration.ofMillis(20));
        cadence.restart();
        cadence.request();
        await().atMost(Duration.ofSeconds(5)).until(cadence::isDue);
        assertThat(cadence.nanosUntilDue()).isZero();
    }
}
