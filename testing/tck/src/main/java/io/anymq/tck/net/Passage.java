package io.anymq.tck.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The present treatment of bytes in one direction on every connection of a proxy. Thread-safe. */
final class Passage {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Duration latency = Duration.ZERO;
    private boolean held;
    private boolean discarding;

    void latency(Duration value) {
        change(() -> latency = value);
    }

    void held(boolean value) {
        change(() -> held = value);
    }

    void discarding(boolean value) {
        change(() -> discarding = value);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until data read at this time may pass.
     *
     * @return false if it must be thrown away
     */
    boolean await(long readAt) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long left = readAt + latency.toNanos() - System.nanoTime();
                if (held) {
                    changed.await();
                } else if (left > 0) {
                    changed.await(left, TimeUnit.NANOSECONDS);
                } else {
                    return !discarding;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
