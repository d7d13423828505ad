package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesUpToItsBound() {
        assertThat(IntStream.rangeClosed(1, 8).mapToObj(Backoff::after).map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
        assertThat(IntStream.rangeClosed(1, 6)
                        .mapToObj(Backoff::beforeOpeningAgain)
                        .map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L);
    }

    @Test
    void everyCountHasOne() {
        assertThat(Backoff.after(0)).isEqualTo(Duration.ofMillis(100));
        assertThat(Backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(5));
    }
}
