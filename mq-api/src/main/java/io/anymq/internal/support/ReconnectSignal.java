package io.anymq.internal.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the backoff of all parts of a client as soon as one of them has reached the broker again. Thread-safe.
 */
public final class ReconnectSignal {
    private final AtomicLong signals = new AtomicLong();
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

    /** The number of signals so far. */
    public long count() {
        return signals.get();
    }

    /** Called when the broker has answered a part of the client that it had not answered before. */
    public void signal() {
        signals.incrementAndGet();
        waiting.forEach(LockSupport::unpark);
    }

    /** Wakes {@code thread}, which compares {@link #count} while it is parked, until {@link #unregister}. */
    public void register(Thread thread) {
        waiting.add(thread);
    }

    public void unregister(Thread thread) {
        waiting.remove(thread);
    }
}
