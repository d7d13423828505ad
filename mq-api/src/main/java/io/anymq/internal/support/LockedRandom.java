package io.anymq.internal.support;

import java.util.random.RandomGenerator;

/** Makes any generator safe for several threads. */
public final class LockedRandom implements RandomGenerator {
    private final RandomGenerator random;

    public LockedRandom(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }
}
