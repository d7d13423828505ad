package io.anymq.internal.receive.keys;

/**
 * Spaces handler starts evenly, with room for a tenth of a second to be caught up after a pause. Thread-safe.
 */
public final class RateLimiter {
    private final double nanosPerStart;
    private final double burstNanos;
    private double nextFree;
    private boolean started;

    public RateLimiter(double perSecond) {
        this.nanosPerStart = 1e9 / perSecond;
        this.burstNanos = 1e8;
    }

    /** Takes a start if one is free: 0, or else the nanoseconds until the next one is. */
    synchronized long tryAcquire(long now) {
        if (!started) {
            started = true;
            nextFree = now;
        }
        nextFree = Math.max(nextFree, now - burstNanos);
        if (nextFree > now) {
            return Math.max(1, (long) (nextFree - now));
        }
        nextFree += nanosPerStart;
        return 0;
    }

    /** Takes the next free start, now or later: the nanoseconds until then. */
    public synchronized long reserve(long now) {
        long wait = tryAcquire(now);
        if (wait > 0) {
            nextFree += nanosPerStart;
        }
        return wait;
    }
}
