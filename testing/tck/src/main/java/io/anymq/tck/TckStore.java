package io.anymq.tck;

import io.anymq.policy.IdempotencyStore;
import java.time.Duration;

/** An idempotency store that can be taken down and looked into. Thread-safe. */
final class TckStore implements IdempotencyStore {
    private final ClaimTable table = new ClaimTable();
    private boolean down;
    private boolean busy;
    private int refusals;
    private int busies;
    private int duplicates;

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

    /** Claims of what was done already. */
    synchronized int duplicates() {
        return duplicates;
    }

    /** Calls that failed because the store was down. */
    synchronized int refusals() {
        return refusals;
    }

    synchronized int done() {
        return table.done();
    }

    private void requireUp() {
        if (down) {
            refusals++;
            throw new IllegalStateException("the store is down on purpose");
        }
        table.now(System.nanoTime() / 1_000_000);
    }

    @Override
    public synchronized Claim claim(String scope, String key, long fingerprint, Duration lease) {
        requireUp();
        if (busy) {
            busies++;
            return new Claim.Busy(Duration.ofMillis(50));
        }
        Claim claim = table.claim(scope, key, fingerprint, lease);
        if (claim instanceof Claim.Done) {
            duplicates++;
        }
        return claim;
    }

    private boolean change(String scope, String key, long token, ClaimTable.State next, Duration time) {
        requireUp();
        return table.change(scope, key, token, next, time);
    }

    @Override
    public synchronized boolean prolong(String scope, String key, long token, Duration lease) {
        return change(scope, key, token, ClaimTable.State.IN_PROGRESS, lease);
    }

    @Override
    public synchronized boolean complete(String scope, String key, long token, Duration retention) {
        return change(scope, key, token, ClaimTable.State.DONE, retention);
    }

    @Override
    public synchronized boolean bury(String scope, String key, long token, Duration retention) {
        return change(scope, key, token, ClaimTable.State.DEAD, retention);
    }

    @Override
    public synchronized boolean release(String scope, String key, long token) {
        requireUp();
        return table.release(scope, key, token);
    }

    @Override
    public synchronized void forget(String scope, String key) {
        requireUp();
        table.forget(scope, key);
    }
}
