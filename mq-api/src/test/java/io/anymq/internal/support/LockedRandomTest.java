package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LockedRandomTest {
    @Test
    void itGivesWhatTheGeneratorGives() {
        SplittableRandom same = new SplittableRandom(7);
        LockedRandom locked = new LockedRandom(new SplittableRandom(7));
        for (int i = 0; i < 10; i++) {
            assertThat(locked.nextLong()).isEqualTo(same.nextLong());
        }
    }

    @Test
    void aGeneratorThatFailsIsReplacedForThatTimeAndToldOnce() {
        AtomicInteger calls = new AtomicInteger();
        RandomGenerator fragile = () -> {
            if (calls.incrementAndGet() < 4) {
                throw new NoClassDefFoundError("broken");
            }
            return 42;
        };
        LockedRandom locked = new LockedRandom(fragile);
        String log = CapturedLog.of(() -> {
            long one = locked.nextLong();
            long other = locked.nextLong();
            assertThat(one).isNotEqualTo(other).isNotEqualTo(locked.nextLong());
        });
        assertThat(log).containsOnlyOnce("failed; another one takes its place");
        assertThat(locked.nextLong()).isEqualTo(42);
    }
}
