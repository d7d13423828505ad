package io.anymq.brokers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The pause between two looks at something that will be there soon. */
final class Pause {
    private static final Duration PACE = Duration.ofMillis(50);

    private Pause() {}

    static void between() {
        LockSupport.parkNanos(PACE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new LocalBrokerException("interrupted while waiting for a broker");
        }
    }
}
