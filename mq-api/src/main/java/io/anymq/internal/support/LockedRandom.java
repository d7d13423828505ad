package io.anymq.internal.support;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes any generator safe for several threads; where it throws, another one takes its place. */
public final class LockedRandom implements RandomGenerator {
    private static final Logger log = LoggerFactory.getLogger(LockedRandom.class);

    private final RandomGenerator random;
    private final SplittableRandom substitute = new SplittableRandom();
    private final AtomicBoolean complained = new AtomicBoolean();

    public LockedRandom(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public long nextLong() {
        Throwable failure;
        synchronized (this) {
            try {
                return random.nextLong();
            } catch (Throwable e) {
                failure = e;
            }
        }
        if (complained.compareAndSet(false, true)) {
            log.warn(
                    "Random generator {} failed; another one takes its place, further failures are not logged",
                    random.getClass().getName(),
                    Failures.printable(failure));
        }
        synchronized (substitute) {
            return substitute.nextLong();
        }
    }
}
