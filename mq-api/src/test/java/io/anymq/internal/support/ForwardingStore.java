package io.anymq.internal.support;

import io.anymq.policy.IdempotencyStore;
import java.time.Duration;

/** A store that asks another one; a test overrides the operations that it changes. */
public class ForwardingStore implements IdempotencyStore {
    private final IdempotencyStore store;

    public ForwardingStore(IdempotencyStore store) {
        this.store = store;
    }

    @Override
    public Claim claim(String scope, String key, long fingerprint, Duration lease) {
        return store.claim(scope, key, fingerprint, lease);
    }

    @Override
    public boolean prolong(String scope, String key, long token, Duration lease) {
        return store.prolong(scope, key, token, lease);
    }

    @Override
    public boolean complete(String scope, String key, long token, Duration retention) {
        return store.complete(scope, key, token, retention);
    }

    @Override
    public boolean bury(String scope, String key, long token, Duration retention) {
        return store.bury(scope, key, token, retention);
    }

    @Override
    public boolean release(String scope, String key, long token) {
        return store.release(scope, key, token);
    }

    @Override
    public void forget(String scope, String key) {
        store.forget(scope, key);
    }
}
