package io.anymq.internal.receive.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RedeliveryTest {
    private static final long WEEK = Duration.ofDays(7).toMillis();

    @Test
    void theLaneIsTheLongestThatIsNotTooLong() {
        assertThat(Redelivery.laneFor(0)).isZero();
        assertThat(Redelivery.laneFor(249)).isZero();
        assertThat(Redelivery.laneFor(250)).isZero();
        assertThat(Redelivery.laneFor(499)).isZero();
        assertThat(Redelivery.laneFor(500)).isEqualTo(1);
        assertThat(Redelivery.laneFor(999)).isEqualTo(1);
        assertThat(Redelivery.laneFor(1_000)).isEqualTo(2);
        assertThat(Redelivery.laneFor(250L << 15)).isEqualTo(15);
        assertThat(Redelivery.laneFor(WEEK)).isEqualTo(Redelivery.LANES - 1);
        assertThat(Redelivery.laneFor(Long.MAX_VALUE)).isEqualTo(Redelivery.LANES - 1);
    }

    @Test
    void hopsNeverOverrunTheDueTimeAndAreFew() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 4_000; i++) {
            long delay = i < 2_000 ? i : random.nextLong(WEEK + 1);
            long remaining = delay;
            int hops = 0;
            while (remaining > Redelivery.SHORTEST_MILLIS) {
                long stay = Math.min(remaining, Redelivery.SHORTEST_MILLIS << Redelivery.laneFor(remaining));
                assertThat(stay)
                        .as("seed %d delay %d", seed, delay)
                        .isPositive()
                        .isLessThanOrEqualTo(remaining);
                remaining -= stay;
                hops++;
            }
            long longest = delay / (Redelivery.SHORTEST_MILLIS << (Redelivery.LANES - 1));
            assertThat((long) hops).as("seed %d delay %d", seed, delay).isLessThanOrEqualTo(longest + Redelivery.LANES);
        }
    }
}
