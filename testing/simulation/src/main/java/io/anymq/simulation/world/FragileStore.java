package io.anymq.simulation.world;

import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.simulation.plan.Operation.Breakage;
import java.time.Duration;

/** A store of its own, as a database would be: it outlives every consumer, and is down at times. */
final class FragileStore implements IdempotencyStore {
    private final IdempotencyStore store = new InMemoryIdempotencyStore();
    private final Faults faults;
    private boolean gone;

    FragileStore(Faults faults) {
        this.faults = faults;
    }

    /** The run is over: remains of killed processes must not count. */
    void shutDown() {
        gone = true;
    }

    private IdempotencyStore reached() {
        if (gone || faults.is(Breakage.STORE)) {
            throw new IllegalStateException("the store is down on purpose");
        }
        return store;
    }

    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        return reached().claim(scope, key, fingerprint, lease);
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return reached().prolong(scope, key, token, lease);
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        return reached().complete(scope, key, token, retention);
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        return reached().bury(scope, key, token, retention);
    }

    @Override
    public boolean release(String scope, String key, long token) {
        return reached().release(scope, key, token);
    }

    @Override
    public void forget(String scope, String key) {
        reached().forget(scope, key);
    }
}
