package io.anymq.internal.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What one part of a client finds out, the others need not wait for: whoever pauses between two attempts to reach the broker
 * goes on when it has answered somebody else. Thread-safe.
 */
public final class BrokerReturn {
    private final AtomicLong noticed = new AtomicLong();
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

    /** How often somebody has noticed it. */
    public long count() {
        return noticed.get();
    }

    /** The broker has answered somebody whom it had not before. */
    public void notice() {
        noticed.incrementAndGet();
        waiting.forEach(LockSupport::unpark);
    }

    /** Has {@code thread}, which compares {@link #count} while it is parked, woken; until {@link #leave}. */
    public void join(Thread thread) {
        waiting.add(thread);
    }

    public void leave(Thread thread) {
        waiting.remove(thread);
    }
}
