package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    @Test
    void whatIsLeftIsNotMoreThanItWas() {
        Deadline deadline = Deadline.after(Duration.ofHours(1));
        assertThat(deadline.left()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(deadline.millisLeft()).isBetween(59 * 60_000, 60 * 60_000);
        assertThat(deadline.passed()).isFalse();
    }

    @Test
    void onePassesAtOnceWhereThereIsNoTime() {
        for (Duration none : new Duration[] {Duration.ZERO, Duration.ofHours(-1)}) {
            Deadline deadline = Deadline.after(none);
            assertThat(deadline.passed()).isTrue();
            assertThat(deadline.left()).isZero();
            assertThat(deadline.millisLeft()).as("what a vendor's call takes").isOne();
        }
    }

    @Test
    void onePassesInItsTime() {
        Deadline deadline = Deadline.after(Duration.ofMillis(30));
        await().atMost(Duration.ofSeconds(20)).until(deadline::passed);
        assertThat(deadline.left()).isZero();
    }

    @Test
    void moreThanAnIntegerHoldsIsAsMuchAsItHolds() {
        assertThat(Deadline.after(Duration.ofDays(365)).millisLeft()).isEqualTo(Integer.MAX_VALUE);
    }
}
