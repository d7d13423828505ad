package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void spacesStartsEvenly() {
        RateLimiter limiter = new RateLimiter(10);
        assertThat(limiter.tryAcquire(0)).isZero();
        assertThat(limiter.tryAcquire(0)).isEqualTo(SECOND / 10);
        assertThat(limiter.tryAcquire(SECOND / 10)).isZero();
        assertThat(limiter.tryAcquire(SECOND / 10 + 1)).isPositive();
    }

    @Test
    void neverMoreThanTheRateAndATenthOfASecond() {
        RateLimiter limiter = new RateLimiter(100);
        int started = 0;
        for (long now = 0; now < 10 * SECOND; now += SECOND / 1_000) {
            // pauses now and then, so that there is something to catch up with
            while ((now / SECOND) % 3 != 1 && limiter.tryAcquire(now) == 0) {
                started++;
            }
        }
        assertThat(started).isLessThanOrEqualTo(1_010).isGreaterThan(600);
    }

    @Test
    void aReservedStartIsTakenFromTheOthers() {
        RateLimiter limiter = new RateLimiter(10);
        assertThat(limiter.reserve(0)).isZero();
        assertThat(limiter.reserve(0)).isEqualTo(SECOND / 10);
        assertThat(limiter.reserve(0)).isEqualTo(2 * SECOND / 10);
        assertThat(limiter.tryAcquire(2 * SECOND / 10)).isEqualTo(SECOND / 10);
        assertThat(limiter.tryAcquire(3 * SECOND / 10)).isZero();
    }
}
