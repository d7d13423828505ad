package io.anymq.tck;

import io.anymq.policy.IdempotencyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An idempotency store that can be taken down and looked into. Thread-safe. */
final class TckStore implements IdempotencyStore {
    private enum State {
        IN_PROGRESS,
        DONE,
        DEAD
    }

    private record Slot(String scope, String key) {}

    private record Entry(State state, long token, long untilNanos, long fingerprint) {}

    private final Map<Slot, Entry> entries = new HashMap<>();
    private long tokens;
    private boolean down;
    private boolean busy;
    private int refusals;
    private int busies;

    synchronized void down(boolean down) {
        this.down = down;
    }

    /** While true, a stranger holds every claim. */
    synchronized void busy(boolean busy) {
        this.busy = busy;
    }

    /** Claims refused because of the stranger. */
    synchronized int busies() {
        return busies;
    }

    /** Calls that failed because the store was down. */
    synchronized int refusals() {
        return refusals;
    }

    synchronized int done() {
        return (int) entries.values().stream()
                .filter(entry -> entry.state() == State.DONE)
                .count();
    }

    private void requireUp() {
        if (down) {
            refusals++;
            throw new IllegalStateException("the store is down on purpose");
        }
    }

    private @Nullable Entry current(Slot slot) {
        Entry entry = entries.get(slot);
        if (entry != null && entry.untilNanos() - System.nanoTime() < 0) {
            entries.remove(slot);
            return null;
        }
        return entry;
    }

    @Override
    public synchronized Claim claim(String scope, String key, long fingerprint, Duration lease) {
        requireUp();
        if (busy) {
            busies++;
            return new Claim.Busy(Duration.ofMillis(50));
        }
        Slot slot = new Slot(scope, key);
        Entry entry = current(slot);
        if (entry == null) {
            long token = ++tokens;
            entries.put(slot, new Entry(State.IN_PROGRESS, token, System.nanoTime() + lease.toNanos(), fingerprint));
            return new Claim.Granted(token);
        }
        if (entry.fingerprint() != fingerprint) {
            return new Claim.Conflict();
        }
        return switch (entry.state()) {
            case IN_PROGRESS -> new Claim.Busy(Duration.ofNanos(Math.max(0, entry.untilNanos() - System.nanoTime())));
            case DONE -> new Claim.Done();
            case DEAD -> new Claim.Dead();
        };
    }

    private boolean change(String scope, String key, long token, State next, Duration time) {
        requireUp();
        Slot slot = new Slot(scope, key);
        Entry entry = current(slot);
        if (entry == null || entry.state() != State.IN_PROGRESS || entry.token() != token) {
            return false;
        }
        entries.put(slot, new Entry(next, token, System.nanoTime() + time.toNanos(), entry.fingerprint()));
        return true;
    }

    @Override
    public synchronized boolean prolong(String scope, String key, long token, Duration lease) {
        return change(scope, key, token, State.IN_PROGRESS, lease);
    }

    @Override
    public synchronized boolean complete(String scope, String key, long token, Duration retention) {
        return change(scope, key, token, State.DONE, retention);
    }

    @Override
    public synchronized boolean bury(String scope, String key, long token, Duration retention) {
        return change(scope, key, token, State.DEAD, retention);
    }

    @Override
    public synchronized boolean release(String scope, String key, long token) {
        requireUp();
        Slot slot = new Slot(scope, key);
        Entry entry = current(slot);
        if (entry == null || entry.token() != token) {
            return false;
        }
        entries.remove(slot);
        return true;
    }

    @Override
    public synchronized void forget(String scope, String key) {
        requireUp();
        entries.remove(new Slot(scope, key));
    }
}
