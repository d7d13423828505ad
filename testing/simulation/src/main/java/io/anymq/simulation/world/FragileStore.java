package io.anymq.simulation.world;

import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.simulation.plan.Operation.Breakage;
import io.anymq.simulation.plan.UserFault.Place;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A store of its own, as a database would be: it outlives every consumer, and is down at times. */
final class FragileStore implements IdempotencyStore {
    private final IdempotencyStore store = new InMemoryIdempotencyStore();
    private final Faults faults;
    private final UserCode code;
    private boolean gone;

    FragileStore(Faults faults, UserCode code) {
        this.faults = faults;
        this.code = code;
    }

    /** The run is over: remains of killed processes must not count. */
    void shutDown() {
        gone = true;
    }

    private IdempotencyStore reached() {
        IdempotencyStore reached = reached(false);
        return reached == null ? store : reached;
    }

    /** Null in place of a store that returns null, where it returns something. */
    private @Nullable IdempotencyStore reached(boolean returns) {
        if (gone || faults.is(Breakage.STORE)) {
            throw new IllegalStateException("the store is down on purpose");
        }
        if (code.at(Place.STORE)) {
            if (returns) {
                return null;
            }
            throw new IllegalStateException("the store has nothing to return");
        }
        return store;
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        IdempotencyStore reached = reached(true);
        return reached == null ? null : reached.claim(scope, key, fingerprint, lease);
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
